"""The poster of a session as PDF, A4: what, when, where, a code to scan for each channel, and one to type."""

import io
from collections.abc import Mapping
from math import sqrt

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Image, SimpleDocTemplate, Spacer, Table, TableStyle

from core.customer.picture import picture
from core.house import House
from core.media.pdf import paragraph
from core.training.model import TrainingSession
from core.training.times import lasted

_WIDE = A4[0] - 40 * mm
_LARGEST = 110 * mm
_ROOMY = (
    40  # characters that are printed in full size: longer words are smaller, so that all stays on one page
)
_SMALLEST = 11.0


def poster_pdf(house: House, training: TrainingSession, links: Mapping[str, str], *, language: str) -> bytes:
    """``links``: channel → where its code leads."""

    def line(words: str, size: float) -> object:
        fits = max(_SMALLEST, min(size, size * sqrt(_ROOMY / max(len(words), 1))))
        return paragraph(words, fits, align=TA_CENTER)

    names_of_days = house.book.text("word.weekdays", language).split()
    when = f"{lasted(house, training)} {names_of_days[house.local(training.starts_at).weekday()]}"
    parts = [line(training.course.title, 34), Spacer(1, 10 * mm)]
    parts += [line(when, 20), line(training.place, 20), Spacer(1, 12 * mm)]
    if links:
        side = min(_LARGEST, _WIDE / len(links) - 8 * mm)
        codes = [Image(io.BytesIO(picture(link, "png")), side, side) for link in links.values()]
        names = [line(house.book.label("channel", channel, language), 14) for channel in links]
        middle = TableStyle([("ALIGN", (0, 0), (-1, -1), "CENTER")])
        table = Table([codes, names], colWidths=[_WIDE / len(links)] * len(links), style=middle)
        parts += [table, Spacer(1, 8 * mm)]
    how = "training.poster" if links else "training.poster_typed"
    parts += [
        line(training.code, 34),
        line(house.book.text(how, language, code=training.code), 16),
    ]
    buffer = io.BytesIO()
    title = f"{training.course.title} {training.code}"
    SimpleDocTemplate(buffer, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, title=title).build(parts)
    return buffer.getvalue()
