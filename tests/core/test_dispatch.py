"""Where an address lies, and which of the 44 real outlets takes the work."""

import csv

import pytest
from sqlalchemy import select

from core.house import House
from core.knowledge.book import REFERENCE
from core.service.dispatch import choose
from core.service.distance import kilometres
from core.service.model import Outlet
from core.service.regions import locate, province_centre


@pytest.fixture(scope="module")
def outlets(tmp_path_factory: pytest.TempPathFactory) -> list[Outlet]:
    from tests.conftest import house_on
    from tests.engines import new_sqlite

    house: House = house_on(new_sqlite(tmp_path_factory.mktemp("outlets")))
    with house.database.reading() as session:
        found = list(session.scalars(select(Outlet).order_by(Outlet.id)))
    house.database.close()
    return found


def chosen(outlets: list[Outlet], address: str, **more):  # type: ignore[no-untyped-def]
    settings = {"category": "tv", "urgent": False, "open_work": {}, "max_open": 20, **more}
    return choose(region=locate(address), outlets=outlets, **settings)


def test_every_shipped_outlet_was_found_on_the_map(outlets: list[Outlet]) -> None:
    with (REFERENCE / "outlets.csv").open(encoding="utf-8") as file:
        assert len(outlets) == len(list(csv.DictReader(file))) == 44
    assert [o.name for o in outlets if not (o.region and o.region.startswith("51") and o.latitude)] == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("成都市武侯区天府大道1号3栋201", "510107"),
        ("四川省凉山州越西县中所镇新大街247号", "513434"),
        ("绵竹市剑南镇", "510683"),
        ("四川成都", "510100"),
        ("四川省", "510000"),
        ("北京市朝阳区建国路88号", "110105"),
        ("新疆乌鲁木齐市天山区", "650102"),
        ("", None),
        ("天府大道1号", None),
        ("asdf", None),
    ],
)
def test_real_addresses_are_located(address: str, code: str | None) -> None:
    region = locate(address)
    assert (region.code if region else None) == code


def test_county_city_nearest_and_centre(outlets: list[Outlet]) -> None:
    county = chosen(outlets, "成都市武侯区天府大道1号")
    assert county.tier == "county" and county.outlet and county.outlet.region == "510107"
    city = chosen(outlets, "成都市蒲江县鹤山镇1号")
    assert city.tier == "city" and city.outlet and city.outlet.region[:4] == "5101"
    nearest = chosen(outlets, "四川省攀枝花市东区炳草岗大街1号")
    assert nearest.tier == "nearest"
    centre = chosen(outlets, "四川省")
    assert centre.tier == "province_centre" and centre.outlet and centre.outlet.region[:4] == "5101"


def test_no_outlet_in_the_province_and_no_region_at_all(outlets: list[Outlet]) -> None:
    away = chosen(outlets, "北京市朝阳区建国路88号")
    assert (away.tier, away.outlet) == ("none", None) and away.region
    assert chosen(outlets, "asdf").tier == "unknown_region"


def test_free_hands_first_but_an_urgent_ticket_takes_the_short_way(outlets: list[Outlet]) -> None:
    here = [o for o in outlets if o.region == "510107"]
    assert len(here) >= 2
    loads = {here[0].id: 5}
    assert chosen(outlets, "成都市武侯区天府大道1号", open_work=loads).outlet.id != here[0].id
    full = {o.id: 20 for o in here[:-1]}
    assert chosen(outlets, "成都市武侯区天府大道1号", open_work=full, urgent=True).outlet.id == here[-1].id
    city = chosen(outlets, "成都市蒲江县鹤山镇1号", urgent=True)
    assert city.distance == min(
        kilometres(position("成都市蒲江县"), (o.latitude, o.longitude))
        for o in outlets
        if o.region[:4] == "5101"
    )


def position(address: str) -> tuple[float, float]:
    region = locate(address)
    assert region and region.latitude and region.longitude
    return region.latitude, region.longitude


def test_nearest_is_the_nearest(outlets: list[Outlet]) -> None:
    """A city without an outlet of its own is served by the closest of the province."""
    choice = chosen(outlets, "四川省攀枝花市东区炳草岗大街1号")
    ways = {o.id: kilometres(position("四川省攀枝花市东区"), (o.latitude, o.longitude)) for o in outlets}
    assert choice.outlet.id == min(ways, key=lambda outlet: ways[outlet]) and choice.distance == min(
        ways.values()
    )


def test_skill_and_closed_outlets_are_respected(outlets: list[Outlet]) -> None:
    specialist = Outlet(id=900, name="x", address="x", region="510107", latitude=30.6, longitude=104.0)
    specialist.skills, specialist.active = ["tv"], True
    closed = Outlet(id=901, name="y", address="y", region="510107", latitude=30.6, longitude=104.0)
    closed.skills, closed.active = [], False
    both = [specialist, closed]
    assert chosen(both, "成都市武侯区天府大道1号").outlet is specialist
    assert chosen(both, "成都市武侯区天府大道1号", category="printer").tier == "none"


def test_distances_are_kilometres() -> None:
    chengdu, beijing = (30.67, 104.06), (39.90, 116.40)
    assert kilometres(chengdu, chengdu) == 0
    assert 1490 < kilometres(chengdu, beijing) < 1540
    region = locate("四川省")
    assert region and kilometres(province_centre(region) or (0, 0), chengdu) < 20
