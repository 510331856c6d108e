"""Formatted text as Telegram reads it: the plain text, or the parse error it gives."""

import html
import re

from tests.providers.telegram.errors import wrong

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"}
TAGS |= {"span", "tg-spoiler", "tg-emoji", "tg-time"}
RESERVED = set("_*[]()~`>#+-=|{}.!")


def utf16(text: str) -> int:
    """Telegram counts UTF-16 code units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str, mode: str | None) -> str:
    readers = {
        "": lambda text: text,
        "html": from_html,
        "markdownv2": from_markdown_v2,
        "markdown": from_markdown,
    }
    reader = readers.get((mode or "").lower())
    if reader is None:
        raise wrong("unsupported parse_mode")
    return reader(text)


def failed(what: str, text: str, at: int) -> Exception:
    return wrong(f"can't parse entities: {what} at byte offset {len(text[:at].encode())}")


def from_html(text: str) -> str:
    opened: list[str] = []
    for tag in re.finditer(r"<(/?)([^\s>]*)([^>]*)(>?)", text):
        slash, name, _, end = tag.groups()
        if not end or name.lower() not in TAGS:
            raise failed(f'Unsupported start tag "{name}"', text, tag.start())
        if not slash:
            opened.append(name.lower())
        elif not opened or opened.pop() != name.lower():
            raise failed("Unmatched end tag", text, tag.start())
    if opened:
        raise wrong(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def from_markdown(text: str) -> str:
    """The old Markdown: every mark that opens must close."""
    bare = re.sub(r"\\([_*`\[])", lambda found: chr(0xE000 + ord(found[1])), text)
    left = re.sub(r"```.*?```|`[^`]*`|\*[^*]*\*|_[^_]*_|\[[^\]]*\]\([^)]*\)", "", bare, flags=re.S)
    if stray := re.search(r"[_*`\[]", left):
        raise failed("Can't find end of the entity starting", text, max(bare.find(stray[0]), 0))
    return re.sub(r"[_*`]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", bare))


def from_markdown_v2(text: str) -> str:
    """Reserved characters stand for an entity or are escaped."""
    bare = re.sub(r"\\([!-~])", lambda found: chr(0xE000 + ord(found[1])), text)
    bare = re.sub(
        r"```(.*?)```|`([^`]*)`", lambda found: hidden(found[1] or found[2] or ""), bare, flags=re.S
    )
    bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", bare)
    bare = re.sub(r"^(\*\*)?>", "", bare, flags=re.M)
    for mark in (r"\|\|", "__", "_", r"\*", "~"):
        bare = re.sub(f"{mark}(.+?){mark}", r"\1", bare, flags=re.S)
    for at, letter in enumerate(bare):
        if letter in RESERVED:
            raise wrong(
                f"can't parse entities: Character '{letter}' is reserved "
                f"and must be escaped with the preceding '\\' (at {at})"
            )
    return "".join(chr(ord(letter) - 0xE000) if "\ue000" <= letter < "\ue080" else letter for letter in bare)


def hidden(text: str) -> str:
    return "".join(chr(0xE000 + ord(letter)) if letter in RESERVED else letter for letter in text)
