"""English customers: the NLU is trained on Chinese, so plain English is understood by a small table."""

import re
from dataclasses import replace

from core.dialogue.meaning import Meaning

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z']{2,}")
_COMMON = {
    "hello",
    "hi",
    "hey",
    "my",
    "the",
    "is",
    "are",
    "not",
    "it",
    "a",
    "an",
    "to",
    "of",
    "in",
    "on",
    "no",
    "yes",
    "i",
    "im",
    "i'm",
    "you",
    "your",
    "please",
    "need",
    "help",
    "want",
    "have",
    "has",
    "does",
    "doesn't",
    "dont",
    "don't",
    "isn't",
    "can",
    "can't",
    "how",
    "when",
    "where",
    "what",
    "why",
    "thanks",
    "thank",
    "good",
    "morning",
    "air",
    "conditioner",
    "fridge",
    "washing",
    "machine",
    "tv",
    "repair",
    "broken",
    "fix",
    "working",
    "work",
    "ticket",
    "phone",
    "name",
    "address",
    "cancel",
    "progress",
    "agent",
    "person",
    "human",
    "sorry",
    "ok",
    "and",
    "english",
    "for",
    "me",
    "we",
    "our",
    "with",
    "warranty",
    "still",
    "bought",
}
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("air_conditioner", r"空[掉条吊]|air[- ]?con(?:ditioner|ditioning)?s?|(?<![A-Za-z])a/?c(?![A-Za-z])"),
    ("refrigerator", r"冰[厢想香]|fridge|refrigerator|freezer"),
    ("washing_machine", r"洗[一医]机|洗衣鸡|wash(?:ing machine|er)|dryer"),
    ("water_heater", r"water heater|boiler"),
    ("water_treatment", r"water (?:purifier|filter)"),
    ("tv", r"(?<![A-Za-z])tv(?![A-Za-z])|television|telly"),
    ("display", r"projector|smart ?board"),
    ("printer", r"printer"),
    ("computer", r"computer|laptop|\bpc\b"),
    ("network", r"router|modem|wi-?fi"),
    ("other", r"microwave|oven|dishwasher|vacuum|fan\b|rice cooker"),
)
_NO = r"(?:不|没|not|n't|doesn't|isn't|won't|no|stopped|never|nothing)"
SYMPTOMS: tuple[tuple[str, str], ...] = (
    ("no_cooling", rf"{_NO}\s*(?:\w+\s+)?(?:cool|cold|chill)|blow\w* (?:warm|hot)|warm air"),
    ("no_heating", rf"{_NO}\s*(?:\w+\s+)?(?:heat|warm|hot)"),
    ("water_leak", r"leak|drip"),
    ("noise", r"nois|loud|rattl|buzz"),
    ("no_sound", rf"{_NO}\s*(?:\w+\s+)?(?:sound|audio)"),
    ("no_display", rf"{_NO}\s*(?:\w+\s+)?(?:picture|display|image)|black screen|blank screen"),
    ("screen_damage", r"(?:screen|glass).{0,12}(?:crack|broken|smash)|cracked screen"),
    ("no_power", rf"{_NO}\s*(?:\w+\s+)?(?:power|turn on|start|switch on)|dead"),
    ("trips_breaker", r"trip|breaker"),
    ("smell", r"smell|odou?r|stink"),
    ("error_code", r"error|code"),
    ("wont_start_cycle", rf"{_NO}\s*(?:\w+\s+)?(?:spin|drain|wash|print)"),
    ("no_signal_or_network", rf"{_NO}\s*(?:\w+\s+)?(?:signal|internet|network|connect)"),
    ("other", rf"broken|broke|fault|problem|{_NO}\s*(?:\w+\s+)?work|out of order|wrong with|damaged"),
)
_DANGERS: tuple[tuple[str, str], ...] = (
    ("electric_shock", r"electric(?:al)? shock|shocked me|electrocut"),
    (
        "fire_smoke",
        r"(?:is|are|was|it's|its|on|caught|catch\w*) (?:on )?(?:fire|smoking|burning)|smok(?:e|ing)\b(?! detector)|flames?\b|sparks?\b",
    ),
    ("gas_smell", r"smell\w* (?:of )?gas|gas (?:leak|smell)"),
)
_INTENTS: tuple[tuple[str, str], ...] = (
    ("talk_to_human", r"\b(?:agent|human|operator|real person|representative|speak to|talk to)\b"),
    ("file_complaint", r"complain|\brude\b|overcharg|terrible service|bad service|lawyer|sue\b"),
    ("cancel_ticket", r"\bcancel\b"),
    (
        "reschedule_visit",
        r"reschedul|another time|hurry|still waiting|when (?:will|is).{0,20}(?:come|coming|arrive)",
    ),
    ("ask_ticket_status", r"\b(?:progress|status)\b|(?:where|how) is my|my (?:ticket|repair|request)\b"),
    (
        "ask_contact",
        r"hot ?line|phone number of|nearest|service (?:point|center|centre|outlet)|opening hours",
    ),
    ("ask_warranty_or_fee", r"warranty|how much|\bcost\b|\bprice\b|\bfree\b|charge"),
    ("give_suggestion", r"suggest"),
    ("request_install", r"\binstall|\bmount\b"),
    ("thanks", r"^(?:many )?thank"),
    ("goodbye", r"^(?:good)?bye\b|see you"),
    ("greet", r"^(?:hello|hi|hey|good (?:morning|afternoon|evening))\b"),
    ("affirm", r"^(?:yes|yeah|yep|sure|correct|right|ok(?:ay)?|i agree|agree|confirm|solved|fixed)\b"),
    ("deny", r"^(?:no\b(?!\.? ?\d)|nope|not (?:yet|solved|fixed|agree)|still|disagree|wrong)\b"),
)
_ALWAYS = ("talk_to_human", "file_complaint", "cancel_ticket", "reschedule_visit")


def is_english(text: str) -> bool:
    """Plainly English: no Chinese character, and words that only English has."""
    if _HAN.search(text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    known = sum(word in _COMMON for word in words)
    return known >= 1 and (known >= 2 or len(words) <= 3)


def found(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    """The first name of a table whose wording is in the text."""
    return next((name for name, pattern in table if re.search(pattern, text, re.IGNORECASE)), None)


def settle(meaning: Meaning) -> Meaning:
    """An English message understood by the table; a Chinese one, or one it does not know, nearly as it is."""
    text = meaning.text
    if not re.search(r"[A-Za-z]{2}", text):
        return meaning
    if _HAN.search(text):
        return _mixed(meaning)
    danger = found(_DANGERS, text)
    if danger and not re.search(
        r"\b(?:no|not|without)\b[^,.]{0,12}(?:smok|fire|shock|gas|leak|spark)", text, re.IGNORECASE
    ):
        return replace(meaning, intent="emergency", symptom=danger, confidence=1.0, non_quality=False)
    intent, symptom = found(_INTENTS, text), found(SYMPTOMS, text)
    if intent in _ALWAYS:
        return replace(meaning, intent=intent, confidence=0.9)
    if symptom and (found(CATEGORIES, text) or intent is None):
        return replace(meaning, intent="report_fault", symptom=symptom, confidence=0.9)
    if intent:
        return replace(meaning, intent=intent, confidence=0.9)
    return replace(meaning, intent="provide_info", confidence=0.5) if found(CATEGORIES, text) else meaning


def _mixed(meaning: Meaning) -> Meaning:
    """我家的AC不cooling了: a Chinese sentence whose symptom is the English word in it."""
    if meaning.intent != "report_fault" or meaning.symptom != "other":
        return meaning
    return replace(meaning, symptom=found(SYMPTOMS[:-1], meaning.text) or "other")
