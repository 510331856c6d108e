"""Importing reference data: good files replace what was there; a bad one changes nothing and says where it is bad."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.house import House
from core.knowledge.files import BadReference
from core.knowledge.model import Article, ReferenceVersion
from core.knowledge.reference import import_file
from core.service.model import Hotline, Outlet, Policy
from tests.edited import known_at_once


def brought_in(house: House, what: str, path: Path) -> int:
    with house.database.session() as session:
        count = import_file(session, what, path)
        session.commit()
    return count


def file(tmp_path: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("what", "text", "line", "why"),
    [
        ("outlets", "id,name\n1,x\n", 1, "address"),
        ("outlets", "id,name,address\n900,甲,成都市\nx,乙,成都市\n", 3, "not a number"),
        ("outlets", "id,name,address\n900,甲,成都市\n901,,成都市\n", 3, "name"),
        ("outlets", "id,name,address\n900,甲\n", 2, "address"),
        ("outlets", "", 1, "columns missing"),
        ("outlets", "id,name,address\n1,甲,成都".encode("gbk"), 1, "UTF-8"),
        ("hotlines", "brand,category,hotline\nTCL,电视,\n", 2, "hotline"),
        ("articles", "- [", 1, ""),
        ("articles", "- slug: x\n  colour: red\n", 1, "colour"),
    ],
)
def test_a_bad_file_is_refused_whole(
    house: House, tmp_path: Path, what: str, text: str | bytes, line: int, why: str
) -> None:
    counts = [select(func.count()).select_from(model) for model in (Outlet, Hotline, Article)]
    with house.database.reading() as session:
        before = [session.scalar(count) for count in counts]
    with pytest.raises(BadReference) as refused:
        brought_in(house, what, file(tmp_path, text))
    assert refused.value.line == line and why in refused.value.why
    with house.database.reading() as session:
        assert [session.scalar(count) for count in counts] == before
        assert session.get(Outlet, 900) is None


def test_a_good_file_adds_and_replaces_and_is_noticed(house: House, tmp_path: Path) -> None:
    with house.database.reading() as session:
        version = session.scalar(select(ReferenceVersion.version)) or 0
    text = "\ufeffid,name,address,skills\n1,新名字,成都市武侯区1号,tv|printer\n900,甲,绵阳市涪城区1号,\n"
    assert brought_in(house, "outlets", file(tmp_path, text)) == 2
    with house.database.reading() as session:
        first, added = session.get_one(Outlet, 1), session.get_one(Outlet, 900)
        assert (first.name, first.region, first.skills) == ("新名字", "510107", ["tv", "printer"])
        assert (added.region, added.skills) == ("510703", [])
        assert session.scalar(select(ReferenceVersion.version)) == version + 1


def test_a_hotline_is_replaced_not_doubled(house: House, tmp_path: Path) -> None:
    path = file(tmp_path, "brand,category,hotline\n某牌,电视,400-1\n")
    brought_in(house, "hotlines", path)
    path.write_text("brand,category,hotline\n某牌,电视,400-2\n", "utf-8")
    brought_in(house, "hotlines", path)
    with house.database.reading() as session:
        assert [h.hotline for h in session.scalars(select(Hotline).where(Hotline.brand == "某牌"))] == [
            "400-2"
        ]


def test_a_policy_of_an_earlier_version_has_what_came_later(house: House) -> None:
    with house.database.session() as session:
        row = session.scalars(select(Policy).where(Policy.name == "voice")).one()
        row.value = {"most_steps": 7}
        session.commit()
    known_at_once(house)
    voice = house.book.policy("voice")
    assert voice["most_steps"] == 7 and voice["silence_seconds"] == 6
