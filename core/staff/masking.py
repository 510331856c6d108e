"""What is shown of a phone number or an address to people whose task does not need it (I1)."""

import re

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?)\d{4,5}(\d{3})(?!\d)")
# A street with a number behind a city or county: what a customer types before we know their address.
_STREET = re.compile(
    r"((?:[\u4e00-\u9fff]{2,}?[省市区县旗州])+)"
    r"[\u4e00-\u9fffA-Za-z0-9-]*?[路街道巷弄村镇乡苑园][\u4e00-\u9fffA-Za-z]*?\d+[\u4e00-\u9fffA-Za-z\d-]*"
)
# An address is told down to its county or district; the street is nobody's business.
_AREA = re.compile(r"^.*?[区县旗]|^.*?[市州](?!.*[区县旗])")


def phone(number: str | None) -> str:
    """138****8000; anything that is no Chinese mobile keeps its ends only."""
    if not number:
        return "—"
    plain = number.removeprefix("+86")
    return plain[:3] + "*" * max(4, len(plain) - 7) + (plain[-4:] if len(plain) > 7 else "")


def address(text: str | None) -> str:
    """Down to the county or district; where none is known, three characters."""
    if not text:
        return "—"
    area = _AREA.match(text)
    return (area[0] if area and len(area[0]) < len(text) else text[:3]) + "****"


def free_text(text: str, *secrets: str | None) -> str:
    """A message with the phone numbers in it masked, and the addresses we know of."""
    for secret in secrets:
        if secret and len(secret) > 4:
            text = text.replace(secret, address(secret))
    text = _STREET.sub(r"\1****", text)
    text = _MOBILE.sub(r"\1****\2", text)
    return _LANDLINE.sub(r"\1****\2", text)
