"""The record of a session as PDF, to be filed or handed to the customer: phone numbers are masked in it."""

import io
from functools import partial
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from core.house import House
from core.media.pdf import FONT, paragraph
from core.media.store import MediaStore
from core.staff import masking
from core.training.record import COLUMNS, Record, cell

_SIDE, _WIDE = 18 * mm, A4[0] - 36 * mm
_HIGH = 80 * mm  # of a picture
_ROLL = [_WIDE * share for share in (0.16, 0.18, 0.26, 0.12, 0.13, 0.15)]
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#c5ccd6")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f7")),
    ]
)


def record_pdf(house: House, record: Record, store: MediaStore | None, *, language: str = "zh") -> bytes:
    """A4, pages numbered, as many as the roll and the pictures need."""
    text = partial(house.book.text, language=language)
    parts = [
        paragraph(record.title, 18),
        paragraph(f"{text('record.title')} {record.code}", 10),
        Spacer(1, 4 * mm),
    ]
    parts += [_facts(record), _head(text("record.roll")), _numbers(record), _roll(house, record, language)]
    if record.average.answers:
        parts += [_head(text("record.scores")), _scores(record, text)]
    parts += [Spacer(1, 2 * mm), *(paragraph(f"{by}：{words}", 10) for by, words in record.said)]
    if pictures := _pictures(record, store):
        parts += [CondPageBreak(_HIGH + 20 * mm), _head(text("record.photos")), pictures]
    buffer = io.BytesIO()
    page = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=_SIDE, rightMargin=_SIDE, topMargin=_SIDE, title=record.title
    )
    footer = partial(_footer, f"{record.title} · {record.code}")
    page.build(parts, onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _head(words: str) -> Table:
    style = TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Table([[paragraph(words, 13)]], colWidths=[_WIDE], style=style, spaceBefore=5 * mm)


def _facts(record: Record) -> Table:
    """Two facts a line."""
    cells = [paragraph(words, 10) for fact in record.facts for words in fact]
    lines = [cells[n : n + 4] for n in range(0, len(cells), 4)]
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#c5ccd6"))])
    return Table(lines, colWidths=[_WIDE * share for share in (0.14, 0.36, 0.14, 0.36)], style=style)


def _numbers(record: Record) -> Paragraph:
    return paragraph(" · ".join(f"{word} {many}" for word, many in record.numbers) or "—", 10)


def _roll(house: House, record: Record, language: str) -> Table:
    heads = [paragraph(house.book.text(f"record.{name}", language)) for name in COLUMNS]
    lines = [
        [paragraph(_masked(cell(house, row, name, language), name)) for name in COLUMNS]
        for row in record.rows
    ]
    return Table([heads, *lines], colWidths=_ROLL, repeatRows=1, style=_GRID, spaceBefore=3 * mm)


def _masked(value: str, column: str) -> str:
    return masking.phone(value) if column == "phone" and value else value


def _scores(record: Record, text: Any) -> Table:
    lines = [
        [word, f"{score:.1f}（{text('record.given', given=given)}）"] for word, score, given in record.scores
    ]
    if record.average.overall is not None:
        lines.append([text("record.average"), f"{record.average.overall:.1f}"])
    if record.lead is not None:
        lines.append([text("record.lead_average"), f"{record.lead:.1f}"])
    lines.insert(0, [text("record.answers"), str(record.average.answers)])
    return Table(
        [[paragraph(w, 10) for w in line] for line in lines],
        colWidths=[_WIDE * 0.7, _WIDE * 0.3],
        style=_GRID,
    )


def _pictures(record: Record, store: MediaStore | None) -> Table | None:
    """Two beside each other; one whose file is gone is left out."""
    found = [picture for photo in record.photos if store and (picture := _picture(store, photo.path))]
    found += [""] * (len(found) % 2)
    lines = [found[n : n + 2] for n in range(0, len(found), 2)]
    style = TableStyle([("ALIGN", (0, 0), (-1, -1), "CENTER"), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(lines, colWidths=[_WIDE / 2] * 2, style=style) if lines else None


def _picture(store: MediaStore, path: str) -> Image | None:
    try:
        return Image(str(store.open(path)), width=_WIDE / 2 - 12, height=_HIGH, kind="proportional")
    except FileNotFoundError:
        return None


def _footer(words: str, canvas: Any, page: Any) -> None:
    canvas.setFont(FONT, 8)
    canvas.drawString(_SIDE, 10 * mm, words)
    canvas.drawRightString(A4[0] - _SIDE, 10 * mm, str(canvas.getPageNumber()))
