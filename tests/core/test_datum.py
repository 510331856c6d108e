"""GCJ-02 against published pairs of points, and regions by coordinates."""

import pytest

from core.service.datum import in_gcj02
from core.service.distance import kilometres
from core.service.regions import nearest_region

# From the test data of googollee/eviltransform: WGS-84 → GCJ-02.
KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("wgs", "gcj"), KNOWN)
def test_the_published_pairs(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert in_gcj02(*wgs, "wgs84") == pytest.approx(gcj, abs=1e-9)
    assert 0.3 < kilometres(wgs, gcj) < 0.8
    assert in_gcj02(*gcj, "gcj02") == gcj


@pytest.mark.parametrize("point", [(48.85, 2.35), (40.7, -74.0), (-33.9, 151.2)])
def test_outside_china_nothing_is_shifted(point: tuple[float, float]) -> None:
    assert in_gcj02(*point, "wgs84") == point


@pytest.mark.parametrize(
    ("point", "name"),
    [
        ((30.64, 104.04), "四川省成都市武侯区"),
        ((39.92, 116.42), "北京市东城区"),
        ((29.56, 106.55), "重庆市渝中区"),
        ((23.02, 113.75), "广东省东莞市"),
        ((22.3, 114.17), "香港特别行政区"),
        ((30.37, 113.45), "湖北省仙桃市"),
    ],
)
def test_the_county_of_a_point(point: tuple[float, float], name: str) -> None:
    region, far = nearest_region(*point)
    assert region.name == name and far < 20
