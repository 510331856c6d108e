"""Entities that have a shape of their own (numbers, codes), as expressions over normalised text."""

import re
from typing import List

from .words import Hit

_EDGE, _END = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_DATE = (r"(?:20\d\d|[12]\d)年(?:\d{1,2}月(?:\d{1,2}[日号])?|[一二三四五六七八九十]{1,2}月)?|20\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?"
         r"|\d{1,2}月\d{1,2}[日号]|[去前今]年(?:[0-9一二三四五六七八九十]{1,2}月|夏天|冬天|年底|双十一|国庆|春节)?|大前年")
_DAY = r"(?:今天|今晚|明天|后天|大后天|明儿|明早|明晚|昨天|昨晚|(?:这|下)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末])"
_HOUR = r"(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,3})(?:点(?:半|钟|一刻)?|:\d\d)"
_PART = r"(?:上午|下午|中午|早上|晚上|傍晚|凌晨)"
# A ticket's number may have letters and hyphens; then only what stands beside it tells it from a model.
_TICKET = r"(?:[a-z]{1,4}[-_]?\d{4,}|\d{5,})(?:-?[a-z0-9]+)*"
_TICKET_WORD = (r"(?:(?<![订运票定传])(?<!快递)(?<!物流)单(?:子|号)?|受理号|服务号|预约号|流水号|案号|(?<!票)"
                r"(?<![合同据备品器身号的])编号)(?:号码|编号|号)?(?:[是为叫:,# ]|no\.?){0,3}")
# A closing bracket belongs to a model only where the opening one does: (M7400) but KFR-35GW(D).
_BODY = r"(?:[a-z0-9/.+-]|\([a-z0-9/.+-]*\))"
_SERIES = (r"laserjet|officejet|deskjet|smart tank|ecotank|pixma|workforce|imageclass|matebook|magicbook|thinkpad|thinkbook|"
           r"ideapad|pavilion|inspiron|latitude|vostro|optiplex|elitebook|probook|macbook|surface|yoga|galaxy|bravia|vivobook|zenbook")
_MAKER = r"hp|lenovo|epson|canon|brother|dell|asus|acer|samsung|huawei|xiaomi|philips|tcl|hisense|haier|midea|gree|lg|sony"

# The first that fits a stretch of text has it.
SHAPES = [
    ("phone", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")),
    # A number that is called one is one, also with a digit too many; whether it can be dialled is asked later.
    ("phone", re.compile(r"(?:电话|手机|手机号|号码|联系方式)(?:号码|号)?(?:是|为|:|,| ){0,2}(1\d[\d -]{7,11}\d)(?!\d)")),
    ("invoice_no", re.compile(r"(?:发票|订单|小票|票据|单据|合同)(?:号码|编号|代码|号|的)?(?:[是为:, ]|no\.){0,3}((?=[a-z-]*\d)[a-z0-9-]{6,24})")),
    ("ticket_no", re.compile(r"(?<!\d)[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4,5}(?!\d)")),
    ("ticket_no", re.compile(f"{_TICKET_WORD}({_TICKET}){_END}")),
    ("ticket_no", re.compile(f"{_EDGE}([a-z]{{1,4}}-?\\d{{4,}}(?:-\\d+)*)(?=[这那]?[个张条]?(?:工单|单子|单号|报修单|维修单))")),
    ("phone", re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?!\d)")),
    ("date", re.compile(_DATE)),
    ("time", re.compile(f"{_DAY}?的?{_PART}?{_HOUR}(?:[到至-]{_HOUR})?|{_DAY}{_PART}?|{_PART}")),
    ("model", re.compile(f"{_EDGE}(?:{_SERIES})(?: pro| air| x| go)? ?[a-z]{{0,2}}\\d{{1,5}}[a-z]{{0,4}}{_END}")),
    ("model", re.compile(f"{_EDGE}(?:{_MAKER}) ((?!err|code|win|wifi|android|ios|office)[a-z]{{2,}} [a-z]{{0,2}}\\d{{2,5}}[a-z]{{0,4}}){_END}")),
    ("error_code", re.compile(r"(?:报错?|报警|代码|故障码?|错误码?|显示|提示|跳|error)[码是为出个: ]{0,3}"
                              r"(\d{3,4}|\d[a-z])(?![a-z0-9]|[度分秒年月日点元块%*.:])")),
    ("error_code", re.compile(r"(?<![a-z0-9])0x[0-9a-f]{2,}(?![a-z0-9])|诶[一二三四五六七八九零幺0-9]{1,2}(?![点月年])")),
    ("error_code", re.compile(_EDGE + r"(?:[efphludc][-: ]?[0-9]{1,3}|e[一二三四五六七八九零幺]{1,2}|[0-9o]e[0-9]?|[udls]e[0-9]?|err(?:or)? ?\d{1,4})" + _END)),
    ("model", re.compile(f"{_EDGE}(?={_BODY}*(?:[a-z]|\\([^()]*[a-z]))(?={_BODY}*(?:\\d|\\([^()]*\\d))"
                         f"[a-z0-9]{_BODY}{{2,}}(?<=[a-z0-9)]){_END}")),
    ("score", re.compile(r"[0-9一二三四五六七八九十]{1,2}(?:分|颗?星)(?![钟之])|满分|零分|[⭐★🌟]")),
    ("number", re.compile(r"\d+")),
]


def find_shapes(text: str) -> List[Hit]:
    """Every shaped stretch of the text, without overlaps, in order."""
    taken, hits = [False] * len(text), []
    for kind, shape in SHAPES:
        for found in shape.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if start < end and not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                hits.append(Hit(start, end, kind))
    return sorted(hits)
