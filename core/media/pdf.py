"""What every PDF of ours shares: a font that has Chinese, and paragraphs that break between its characters."""

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

FONT = "WenQuanYi Micro Hei"
_FILE = Path(__file__).parent / "fonts" / "wqy-microhei.ttc"


@cache
def style(size: float, align: int = TA_LEFT) -> ParagraphStyle:
    """``size`` in points; of the font, the characters used are embedded."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, _FILE))
    name = f"{size}-{align}"
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.45, wordWrap="CJK", alignment=align
    )


def paragraph(words: str, size: float = 9, *, align: int = TA_LEFT) -> Paragraph:
    """Whatever people typed stands there as they typed it."""
    return Paragraph(escape(words), style(size, align))
