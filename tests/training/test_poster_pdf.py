"""The poster as it is printed."""

import io

import pytest
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4

from core.training.model import TrainingSession
from core.training.poster_pdf import poster_pdf
from core.training.schedule import LONGEST
from tests.training.codes import decoded
from tests.training.conftest import School


def _middles(content: bytes) -> list[float]:
    """Where the middle of each picture on the first page is, in points from the left."""
    found: list[float] = []

    def drawn(operator: bytes, _operands: object, matrix: list[float], _text: object) -> None:
        if operator == b"Do":
            found.append(matrix[4] + matrix[0] / 2)

    PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_operand_before=drawn)
    return found


def test_the_code_on_the_printed_poster_stands_in_the_middle(school: School) -> None:
    training = school.plans()
    links = {"telegram": "https://t.me/front_bot?start=a", "wechat": "http://weixin.qq.com/q/b"}
    with school.house.database.reading() as session:
        mine = session.get_one(TrainingSession, training.id)
        one = poster_pdf(school.house, mine, {"telegram": links["telegram"]}, language="zh")
        two = poster_pdf(school.house, mine, links, language="zh")
    (middle,), (left, right) = _middles(one), _middles(two)
    assert abs(middle - A4[0] / 2) < 1 and abs((left + right) / 2 - A4[0] / 2) < 1 and right - left > 100


def test_the_characters_come_with_the_file(school: School) -> None:
    """A reader without any Chinese font shows the poster as it was made."""
    training = school.plans()
    with school.house.database.reading() as session:
        mine = session.get_one(TrainingSession, training.id)
        made = poster_pdf(school.house, mine, {"telegram": "https://t.me/front_bot?start=a"}, language="zh")
    fonts = PdfReader(io.BytesIO(made)).pages[0]["/Resources"]["/Font"].values()
    drawn = [font.get_object() for font in fonts if font.get_object()["/BaseFont"] != "/Helvetica"]
    assert drawn and all("/FontFile2" in font["/FontDescriptor"] for font in drawn)
    assert len(made) < 200_000


@pytest.mark.parametrize("letter", ["培", "W", "😀"])
def test_the_longest_names_stay_on_one_page_with_the_code(school: School, letter: str) -> None:
    training = school.plans(place=letter * LONGEST)
    with school.house.database.session() as session:
        mine = session.get_one(TrainingSession, training.id)
        mine.course.title = letter * LONGEST
        link = "https://t.me/front_bot?start=a"
        made = poster_pdf(school.house, mine, {"telegram": link, "wechat": link}, language="zh")
    (page,) = PdfReader(io.BytesIO(made)).pages
    assert {decoded(picture.data) for picture in page.images} == {
        link
    } and training.code in page.extract_text()
