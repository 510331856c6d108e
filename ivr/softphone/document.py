"""TwiML as text → verbs, strictly: what Twilio would refuse or only warn of is a ``BadDocument``."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ivr.softphone.grammar import CODES, RULES, SSML, VERBS

LONGEST_TEXT = 4096  # characters of one Say
_PHONE = re.compile(r"\+?[0-9]{3,15}")


class BadDocument(Exception):
    """A document that Twilio would not execute; ``code`` is Twilio's error number."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class Verb:
    """An element of a document, with its attributes as they were written."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple["Verb", ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def seconds(self, name: str, default: float) -> float:
        """ValueError for what is no number."""
        return float(self.attributes.get(name, default))

    def flag(self, name: str, default: bool) -> bool:
        return self.attributes.get(name, str(default).lower()) == "true"


def parse(text: str | bytes, *, allowed: tuple[str, ...] = VERBS) -> tuple[Verb, ...]:
    """The verbs of a document. BadDocument: 12100 not XML, 12102 root is not Response, 12200 and others."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise BadDocument(12100, f"not XML: {wrong}") from None
    if root.tag != "Response":
        raise BadDocument(12102, f"the root element is {root.tag}, not Response")
    if root.attrib:
        raise BadDocument(12200, f"Response has no attribute {', '.join(root.attrib)}")
    _no_stray_text("Response", root)
    return tuple(_verb(child, allowed, "Response") for child in root)


def _verb(element: Element, allowed: tuple[str, ...], parent: str) -> Verb:
    name = str(element.tag)
    if name not in allowed or name not in RULES:
        raise BadDocument(12200, f"{name} is no verb that {parent} may hold")
    rule = RULES[name]
    for attribute, value in element.attrib.items():
        _attribute(name, attribute, value)
    if not rule.text:
        _no_stray_text(name, element)
    children = tuple(_verb(child, rule.children, name) for child in element)
    # What is said is the text with the marks of speech inside it, in order.
    words = _spoken(element) if name == "Say" or name in SSML else (element.text or "")
    verb = Verb(name, dict(element.attrib), " ".join(words.split()), children)
    _whole(verb)
    return verb


def _attribute(verb: str, name: str, value: str) -> None:
    check = RULES[verb].attributes.get(name)
    if check is None:
        raise BadDocument(12200, f"{verb} has no attribute {name}")
    if not check(value):
        raise BadDocument(CODES.get((verb, name), 12200), f"{verb} {name}={value!r}")


def _spoken(element: Element) -> str:
    parts = [element.get("alias", "") if element.tag == "sub" else (element.text or "")]
    for child in element:
        parts += [_spoken(child), child.tail or ""]
    return "".join(parts)


def _no_stray_text(name: str, element: Element) -> None:
    if "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
        raise BadDocument(12200, f"text inside {name}")


def _whole(verb: Verb) -> None:
    """What a verb must have beside well-formed attributes."""
    if verb.name == "Say" and not 0 < len(verb.text) <= LONGEST_TEXT:
        raise BadDocument(13520, f"Say with {len(verb.text)} characters")
    if verb.name == "Play" and not (verb.text or verb.get("digits")):
        raise BadDocument(13420, "Play without an address")
    if verb.name == "Dial" and bool(verb.text) == bool(verb.children):
        raise BadDocument(13221, "Dial needs either a number or numbers inside it")
    dialled = verb.name == "Number" or (verb.name == "Dial" and verb.text)
    if dialled and not _PHONE.fullmatch(re.sub(r"[\s()-]", "", verb.text)):
        raise BadDocument(13223, f"{verb.name}: {verb.text!r} is no telephone number")
    if verb.name == "Sip" and not re.fullmatch(r"sips?:[^@\s]+@\S+", verb.text):
        raise BadDocument(13224, f"Sip: {verb.text!r} is no SIP address")
    if verb.name in ("Client", "Enqueue") and not verb.text:
        raise BadDocument(12200, f"{verb.name} without a name")
