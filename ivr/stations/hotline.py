"""The brands' own hotlines: said, sent, or connected."""

from sqlalchemy import select

from core.dialogue.lexicon import brand_of, category_of
from core.service.model import Hotline
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, otherwise
from ivr.speak import Dial, Speak
from ivr.spoken import digits
from ivr.station import Missed

MOST = 5
MORE = "8"


class HotlineStation:
    """The brand by its name, or page by page by key. ``data``: page."""

    def ask(self, line: Line) -> Speak:
        parts = [
            line.text("voice.choice", label=_name(row), digit=str(n)) for n, row in enumerate(_page(line), 1)
        ]
        parts.append(line.text("voice.choice", label=line.text("voice.more"), digit=MORE))
        gap = ", " if line.language == "en" else "，"
        return asked(line, line.text("voice.hotline") + gap.join(parts), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == MORE:
            line.state.data["page"] = line.state.data.get("page", 0) + 1
            return None
        if heard.keys in ("1", "2", "3", "4", "5"):
            page = _page(line)
            if int(heard.keys) > len(page):
                raise Missed
            _tell(line, page[int(heard.keys) - 1])
            return None
        return otherwise(line, heard, _named)


def _named(line: Line, heard: Heard) -> None:
    brand = brand_of(heard.speech)
    rows = (
        line.session.scalars(select(Hotline).where(Hotline.brand == brand).order_by(Hotline.id)).all()
        if brand
        else []
    )
    if brand and not rows:
        line.say("voice.hotline.none", brand=brand)
        return
    if not rows:
        raise Missed
    word = category_of(heard.speech)
    category = line.house.book.label("category", word) if word else None
    _tell(line, next((row for row in rows if row.category == category), rows[0]))


def _page(line: Line) -> list[Hotline]:
    rows = list(line.session.scalars(select(Hotline).order_by(Hotline.id)))
    pages = max(1, -(-len(rows) // MOST))
    start = line.state.data.get("page", 0) % pages * MOST
    return rows[start : start + MOST]


def _name(row: Hotline) -> str:
    return f"{row.brand}{row.category}"


def _tell(line: Line, row: Hotline) -> None:
    line.say("voice.hotline.told", name=_name(row), number=digits(row.hotline))
    text = line.text("contact.hotline", brand=row.brand, category=row.category, hotline=row.hotline)
    line.state.path = ["main"]
    number = row.hotline.replace("-", "")
    line.go("menu", node="hotline_told", number=number, text=text, said=digits(row.hotline))


class TransferStation:
    """Connecting to a number outside the house. ``data``: number."""

    def ask(self, line: Line) -> Speak:
        return asked(line, "", Dial(line.state.data["number"], whisper=False))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.event != "dialled":
            raise Missed
        reached = heard.values.get("DialCallStatus") in ("completed", "answered")
        line.state.mark("transferred" if reached else "not_reached")
        if not reached:
            line.say("voice.transfer.failed")
        line.to_menu("more")
        return None
