"""Wordings that leave no doubt: they hold whatever the NLU made of them, so that a bad guess harms nobody."""

import re
from dataclasses import replace

from core.dialogue.english import CATEGORIES, SYMPTOMS, found
from core.dialogue.lexicon import brand_of, category_of
from core.dialogue.meaning import Meaning

# First match wins. A fault told in the same message goes before everything from ``ask_warranty_or_fee`` on.
_CUES: tuple[tuple[str, str], ...] = (
    ("report_fault", r"^(?:你好|您好)?[,，]?我?(?:要|想要?|来|需要|申请)?(?:直接)?报(?:个)?修(?:一下)?[吧了啊。!！]*$"),
    (
        "ask_ticket_status",
        r"(?:报修|工单|单子|维修|投诉|申请|师傅).{0,6}(?:到哪(?!修)|怎么样了|咋样了|进度|进展|处理到|什么情况|有消息|受理了|处理了)(?!\S*来)"
        r"|到哪一?步|哪一步了|^我?要?(?:查|看|问)(?:一?下|询|看)?(?:我的)?(?:报修|工单|维修|单子)?(?:的)?(?:进度|进展|工单|状态)"
        r"|^(?:进度|进展|查询|查单|查进度|查工单)[了吗呢?？。]*$|(?:修好|处理|弄)(?:了)?没有?[?？]?$",
    ),
    (
        "file_complaint",
        r"投诉|举报|态度.{0,6}(?:差|恶劣|不好|不行|很凶)|质量(?:太|真|很)?差|修了.{1,3}次|骂(?:人|我|客户)|乱收费|多收(?:了|我|费)|收费不合理|我要曝光|律师|起诉|12315"
        r"|包装.{0,4}(?:破|损|坏|烂)|(?:少|漏)发|送货.{0,6}(?:太慢|摔|砸|坏)|放(?:我)?鸽子",
    ),
    ("give_suggestion", r"^(?:我|想)?(?:有个|提个?|给你们提?)?(?:一?个|点|条)?(?:小)?建议|建议(?:你们|贵|以后|增加)|^希望(?:你们|贵公司|以后)"),
    (
        "request_install",
        r"(?:想|要|来|帮|约|需要|上门).{0,8}(?:安装(?!工|师傅|的|费|好|后|过)|装(?:一?下|机|上)|移机|移装|拆装)",
    ),
    ("ask_ticket_status", r"^(?:查|查询|看|查看)?(?:一?下)?(?:工单号?|单号|编号)?[:： ]?(?!1[3-9]\d{9}$)\d{10,12}$"),
    ("ask_ticket_status", r"^(?:师傅|你们)?(?:什么时候|啥时候|几时|多久)(?:能|可以|才能)?(?:修好|派人|处理)"),
    (
        "reschedule_visit",
        r"改约|改(?:个|一?下|到|成)?(?:上门)?(?:时间|日子|周|星期|明天|后天|下午|上午|晚上)|换个?(?:时间|日子)|(?:推迟|延后|提前|往后推)"
        r"|催(?:一?下|单|促)?(?:[吧啊。!！]|$)|帮我催|怎么还(?:没|不)(?:人)?(?:来|到|派|上门)|还没(?:人|师傅)(?:来|联系)|(?:师傅|人)(?:什么时候|啥时候|几点|多久)(?:能|才能|会)?(?:来|到|上门)"
        r"|没(?:有)?人(?:来|联系我|打电话)|快点来|能不能快点|加急|(?:几天|多久|多长时间)(?:内|后)?(?:能|会|才|可以)?(?:来|上门|到)",
    ),
    ("ask_warranty_or_fee", r"多少钱|怎么收费|收费标准|要钱[吗么不]|免费[吗么不]|收不收[费钱]|收费吗|价格|报价|保修(?:期)?(?:是|有)?(?:多久|几年|多长|到)|过(?:了)?保(?:修期)?了?[吗么没]|便宜点?|(?:太|好|这么|有点)贵|(?:为什么|为啥|凭什么|怎么).{0,3}(?:收|要)(?:我)?.{0,4}[钱费]"),
    (
        "ask_contact",
        r"热线|(?:电话|号码|联系方式)(?:是|有)?(?:多少|什么|几号|有[吗么没])|(?:告诉|发|给)我(?!.{0,3}[打回]).{0,8}(?:电话|号码|联系方式)|(?:售后|客服|厂家|官方|服务)(?:的)?电话"
        r"|(?:服务)?(?:网点|维修点|门店|服务站|维修店|售后点)|几点(?:上班|下班|开门|关门)|(?:上班|营业|办公|工作)时间|(?:周末|周六|周日|星期天|节假日|放假).{0,4}(?:上班|有人|营业)",
    ),
    ("talk_to_human", r"转人工|人工客服|真人"),
    ("book_training", r"(?:想|要|帮我|给我|可以|能)(?:来|去)?报个?名(?!了|成功|好|过)"),
)  # fmt: skip
_COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in _CUES)
_WEAK = {
    "provide_info", "out_of_scope", "affirm", "deny", "goodbye", "greet", "thanks", "ask_training_question",
    "book_training", "reschedule_visit", "rate_service", "ask_howto", "request_install", "ask_ticket_status",
}  # fmt: skip
_AFTER_FAULT = {"request_install", "ask_warranty_or_fee", "ask_contact", "reschedule_visit", "book_training"}
_UNSURE = 0.35  # below this the model is guessing
_HARMLESS = ("affirm", "deny", "provide_info", "report_fault", "out_of_scope")
_SKIPPED = re.compile(r"(?:我?先|就)?(?:跳过|略过)(?:这(?:个|项|步|题|一项|一步|一题))?[吧了啦。.!！]*")
_ROBOT = re.compile(
    r"(?:扫地|拖地|擦窗|洗地|擦地|炒菜|学习|陪伴|泳池)机器人"
)  # an appliance, not a complaint about us
_TRAINING = re.compile(r"培训|课|老师|学员|讲师|\b(?:train|course|lesson|teacher)", re.IGNORECASE)
_DANGER = ("electric_shock", "fire_smoke", "gas_smell")
# What is wrong, in the plainest words; the NLU knows many more.
_FAULTS: tuple[tuple[str, str], ...] = (
    ("no_cooling", r"(?:制冷|冷气|冷风)[^,，。]{0,4}(?:差|慢|不好|不行|弱|小)|不(?:制|太|够|怎么)?[冷凉]|(?:没|不出)冷[气风]|不结冰|不保鲜"),
    ("no_heating", r"(?:制热|加热|热风)[^,，。]{0,4}(?:差|慢|不好|不行|弱|小)|不(?:制|加|太|够|出)?热|没(?:有)?热[水气风]|打不着火|点不(?:着|燃)"),
    ("water_leak", r"漏水|滴水|渗水|往外流水|冒水"),
    ("trips_breaker", r"跳闸|跳电|空开"),
    ("noise", r"(?:噪音|声音|响声|动静).{0,3}(?:大|吵|响)|异响|嗡嗡|咔咔|噪音"),
    ("remote_unresponsive", r"遥控.{0,6}(?:没反应|失灵|不灵|没用|坏)"),
    ("no_sound", r"没(?:有)?声音?|无声"),
    ("screen_damage", r"屏(?:幕)?.{0,3}(?:碎|裂|破)"),
    ("image_abnormal", r"花屏|闪屏|偏色|条纹|竖线|横线|画面.{0,3}(?:闪|抖|模糊)"),
    ("no_display", r"黑屏|蓝屏|不显示|没(?:有)?(?:图像|画面|显示)"),
    ("no_signal_or_network", r"(?:没|无)(?:有)?信号|(?:连|上)不(?:上|了)网|没(?:有)?网|断网"),
    ("wont_start_cycle", r"不(?:脱水|转|甩干|洗|排水|启动|工作|打印|运行)|转不动|启动不了"),
    ("weak_airflow", r"风.{0,2}(?:小|弱)|不出风|没(?:有)?风"),
    ("water_flow", r"不(?:出|进|下)水|水(?:流|压)?(?:很|太)?小"),
    ("smell", r"(?:异|臭|怪|糊|焦)味|有味道|好臭"),
    ("overheating", r"发烫|烫手|过热"),
    ("slow_or_freeze", r"卡(?:顿|死|住|得)|死机|很慢"),
    ("door_or_mechanical", r"门.{0,3}(?:关不|开不|打不开|坏)|卡纸"),
    ("no_power", r"(?:开不了|不开|打不开)机?|不通电|没(?:有)?电|没(?:有)?反应|不亮"),
    ("other", r"坏了?|故障|毛病|有问题|出问题|不能用|用不了|不好用|不好使|不工作|罢工|失灵"),
)  # fmt: skip
_FAULTS_COMPILED = tuple((symptom, re.compile(pattern)) for symptom, pattern in _FAULTS)
_ASKING = re.compile(
    r"怎么(?!回事|办|不|搞的|还|又|老|总|没)|如何|[吗么][?？]?$|能不能|可不可以|多久|多少|几年"
)
# Asked how it is done, and not why it does what it does.
_HOWTO = re.compile(
    r"(?:怎么|咋)(?:样)?(?!回事|办|了|啦|搞的|不|没|还|又|老|总|会|一直|这么|那么|突然|自己|就|都|越|只|有|[。？?！!]|$)|如何|怎样"
)
_CLEAR_FAULT = 0.85  # 怎么烧一半就停了 is a fault whatever its words look like, when the model is sure
_HOW_IN_ENGLISH = re.compile(r"\bhow (?:do|can|should|to)\b", re.IGNORECASE)


def symptom_of(text: str) -> str | None:
    """The fault that plain words tell of; ``other`` when only that something is wrong."""
    return next((symptom for symptom, pattern in _FAULTS_COMPILED if pattern.search(text)), None) or found(
        SYMPTOMS, text
    )


def asks_how(text: str) -> bool:
    """怎么校准 asks how it is done; 怎么不亮 and 怎么回事 tell of a fault."""
    return _HOWTO.search(text) is not None and symptom_of(text) is None


def _is_howto(meaning: Meaning, *, named: bool) -> bool:
    """How something is done, taken for a fault or for nothing at all; ``named``: it names an appliance."""
    if meaning.intent == "report_fault":
        return meaning.confidence < _CLEAR_FAULT and _HOWTO.search(meaning.text) is not None
    plainly = _HOW_IN_ENGLISH.search(meaning.text) or (named and _HOWTO.search(meaning.text))
    return meaning.intent in ("out_of_scope", "provide_info") and bool(plainly)


def settle(meaning: Meaning) -> Meaning:
    """The meaning, put right where the words leave no doubt. An emergency is never talked down."""
    text = meaning.text
    if meaning.intent == "emergency":
        return meaning
    if _SKIPPED.fullmatch(text):  # to the model 跳过 sounds like 跳闸
        return replace(
            meaning, intent="provide_info", confidence=1.0, entities=(), symptom=None, non_quality=None
        )
    if meaning.intent == "talk_to_human" and _ROBOT.search(text):
        meaning = replace(meaning, intent="out_of_scope", confidence=0.3)
    if meaning.confidence < _UNSURE and meaning.intent not in _HARMLESS:
        meaning = replace(meaning, intent="out_of_scope")
    symptom = symptom_of(text)
    if meaning.symptom in _DANGER:  # denied, or the rules would have made it an emergency
        meaning = replace(meaning, symptom=symptom or "other")
    cue = next((intent for intent, pattern in _COMPILED if pattern.search(text)), None)
    thing = category_of(text) or found(CATEGORIES, text)
    told = symptom is not None and thing is not None and not _ASKING.search(text)
    if cue is None and _asks_number(text):
        cue = "ask_contact"
    broken = told or (
        meaning.intent == "report_fault" and (symptom or meaning.symptom) not in (None, "other")
    )
    if cue is not None and not (cue in _AFTER_FAULT and broken):
        return _sure(meaning, cue)
    if told and (meaning.intent in _WEAK or meaning.symptom is None or meaning.intent == "file_complaint"):
        kept = meaning.symptom if meaning.symptom not in (None, "other") else symptom
        scolds = meaning.intent == "file_complaint"  # 破洗衣机又漏水: angry, but what is wanted is a repair
        intent = "report_fault" if scolds or meaning.intent in _WEAK else meaning.intent
        return replace(meaning, intent=intent, symptom=kept)
    if symptom is None and _is_howto(meaning, named=thing is not None):
        return replace(meaning, intent="ask_howto", symptom=None, non_quality=None)  # 遥控器怎么配对
    guessed = meaning.intent == "report_fault" and meaning.confidence < 0.5 and not (symptom or thing)
    if guessed and meaning.source == "rasa":
        return replace(meaning, intent="out_of_scope", symptom=None, non_quality=None)
    return _yes_or_no(meaning)


def _sure(meaning: Meaning, intent: str) -> Meaning:
    if meaning.intent == intent:
        return meaning
    return replace(meaning, intent=intent, confidence=0.9)


def _asks_number(text: str) -> bool:
    """格力空调电话: a brand and the word, and no number of the customer's own."""
    return (
        brand_of(text) is not None
        and re.search(r"电话|热线|客服", text) is not None
        and not re.search(r"\d{5}|我的?电话", text)
    )


def _yes_or_no(meaning: Meaning) -> Meaning:
    """不同意 is no yes, and a telephone number is neither; course questions need a word of courses."""
    text, intent = meaning.text, meaning.intent
    if intent == "affirm" and re.match(r"(?:不(?!错|客气)|没(?!问题|错|事|毛病)|别|未)", text):
        return replace(meaning, intent="deny")
    if intent in ("affirm", "deny", "goodbye", "thanks", "greet") and re.search(r"\d{4}", text):
        return replace(meaning, intent="provide_info")
    if intent in ("ask_training_question", "book_training") and not _TRAINING.search(text):
        if intent == "ask_training_question" and (_HOWTO.search(text) or _HOW_IN_ENGLISH.search(text)):
            return replace(meaning, intent="ask_howto")
        return replace(meaning, intent="out_of_scope", confidence=0.3)
    return meaning
