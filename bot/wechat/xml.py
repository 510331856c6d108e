"""WeChat's XML, read flat and written safely. Neither side may surprise the other."""

import re
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MOST = 64 * 1024  # bytes
DEEPEST = 8  # levels; WeChat's own messages have at most five
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What XML 1.0 cannot hold, as itself or at all: C0 controls, surrogates, U+FFFE, U+FFFF.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unreadable(Exception):
    """Not a message: not XML, too large, too deep, with a document type."""


class _Flat:
    """Collects the text of every field by its path, ``ScanCodeInfo.ScanResult``; the first of two is the one."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: Any) -> None:
        self._path.append(tag)
        self._text = []
        if len(self._path) > DEEPEST:
            raise Unreadable("nested too deep")

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        if len(self._path) > 1:
            self.fields.setdefault(".".join(self._path[1:]), "".join(self._text))
        self._path.pop()
        self._text = []

    def close(self) -> dict[str, str]:
        return self.fields


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of ``<xml>…</xml>``. Unreadable."""
    if len(body) > MOST:
        raise Unreadable("too large")
    parser = DefusedXMLParser(target=_Flat(), forbid_dtd=True)
    try:
        parser.feed(_FORBIDDEN.sub("", _DECLARATION.sub("", text_of(body))))
        fields: dict[str, str] = parser.close()
    except (DefusedXmlException, SyntaxError, ValueError) as error:  # ParseError is a SyntaxError
        raise Unreadable(f"not a message: {type(error).__name__}") from None
    return fields


def text_of(body: bytes) -> str:
    """UTF-8, as WeChat promises; GBK from old gateways in between, and whatever can be saved of the rest."""
    for encoding, errors in (("utf-8-sig", "strict"), ("utf-8", "surrogatepass"), ("gb18030", "strict")):
        try:
            return body.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")


def plain(text: str) -> str:
    """Text without what XML (and WeChat's JSON) cannot carry."""
    return _FORBIDDEN.sub("", text)


def cdata(text: str) -> str:
    """Text as one field's value: ``]]>`` would end it and let the rest speak for itself."""
    return "<![CDATA[" + plain(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"
