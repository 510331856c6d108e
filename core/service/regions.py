"""Where an address lies: province, city, county and coordinates.

Names are parsed by jionlp; codes and coordinates come from the table of administrative divisions in the
package cpca, read as data (its code would pull in pandas).
"""

import contextlib
import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.knowledge.book import table
from core.service.distance import kilometres

_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "新区",
    "省",
    "市",
    "区",
    "县",
    "州",
    "盟",
    "旗",
)


@dataclass(frozen=True)
class Region:
    """An administrative division. ``code`` is the six-digit adcode; degrees east and north."""

    code: str
    province: str
    city: str | None
    county: str | None
    latitude: float | None
    longitude: float | None

    @property
    def name(self) -> str:
        """四川省成都市武侯区; a municipality is named once."""
        parts = [self.province, self.city, self.county]
        return "".join(dict.fromkeys(part for part in parts if part))

    def same_city(self, code: str) -> bool:
        """``code`` is a county's, of six digits; the first four are its city's. False for a province alone."""
        return self.city is not None and self.code[:4] == code[:4]

    def same_county(self, code: str) -> bool:
        return self.county is not None and self.code == code


def _stem(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


@cache
def divisions() -> dict[str, tuple[str, float | None, float | None]]:
    """Six-digit code → (name, degrees north, degrees east), in the order of the codes."""
    spec = find_spec("cpca")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package cpca is missing; run the set-up again")
    path = Path(next(iter(spec.submodule_search_locations))) / "resources" / "adcodes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["adcode"][:6]: (row["name"], _degrees(row["latitude"]), _degrees(row["longitude"]))
            for row in csv.DictReader(file)
        }


def _degrees(value: str) -> float | None:
    return float(value) if value else None


@cache
def _codes() -> dict[tuple[str, str], str]:
    """(code of the parent, name or its stem or its former name) → code."""
    former = {row["new"]: row["old"] for row in table("renamed_divisions")}
    codes: dict[tuple[str, str], str] = {}
    for code, (name, _, _) in divisions().items():
        parent = "" if code.endswith("0000") else code[:2] if code.endswith("00") else code[:4]
        codes[parent, name] = code
        codes.setdefault((parent, _stem(name)), code)
    for new, old in former.items():
        for (parent, name), code in list(codes.items()):
            if name == old:
                codes.setdefault((parent, new), code)
    return codes


@cache
def _parser() -> Any:
    with contextlib.redirect_stdout(io.StringIO()):  # jionlp greets on stdout, which is ours for JSON
        import jionlp

        jionlp.parse_location("成都市")  # its tables load at the first call
    return jionlp.parse_location


def warm_up() -> None:
    """Load the tables now (about one second) rather than in a customer's turn."""
    _parser()
    _codes()


def _modern(address: str) -> str:
    for row in table("renamed_divisions"):
        address = address.replace(row["old"], row["new"])
    return address


def _find(parent: str, name: str | None) -> str | None:
    if not name:
        return None
    codes = _codes()
    return codes.get((parent, name)) or codes.get((parent, _stem(name)))


def locate(address: str) -> Region | None:
    """The region an address names, as finely as it says; None when it names none we know."""
    if not address or not address.strip():
        return None
    parsed = _parser()(_modern(address[:200]))
    province = _find("", parsed["province"])
    if province is None:
        return None
    city = _find(province[:2], parsed["city"])
    if city is None and parsed["city"] == parsed["province"]:
        city = province[:2] + "0100"  # municipalities: the city level is a placeholder
    county = _find(city[:4], parsed["county"]) if city else None
    return _region(county or city or province, parsed)


def _region(code: str, parsed: dict[str, str | None]) -> Region:
    table_of = divisions()
    has_county, has_city = not code.endswith("00"), not code.endswith("0000")
    _, latitude, longitude = table_of[code]
    if latitude is None:
        _, latitude, longitude = table_of[code[:2] + "0000"]
    return Region(
        code=code,
        province=str(parsed["province"]),
        city=parsed["city"] if has_city else None,
        county=parsed["county"] if has_county else None,
        latitude=latitude,
        longitude=longitude,
    )


def province_centre(region: Region) -> tuple[float, float] | None:
    """Coordinates of the province's seat of government, degrees (north, east)."""
    _, latitude, longitude = divisions()[region.code[:2] + "0000"]
    return None if latitude is None or longitude is None else (latitude, longitude)


@cache
def _places() -> list[tuple[float, float, str]]:
    """Counties with coordinates, and whatever has no counties of its own: some cities, Hong Kong, Macao, Taiwan."""
    table_of = divisions()
    parents = {code[:4] + "00" for code in table_of if not code.endswith("00")}
    parents |= {code[:2] + "0000" for code in table_of if not code.endswith("0000")}
    return [
        (latitude, longitude, code)
        for code, (_, latitude, longitude) in table_of.items()
        if latitude is not None and longitude is not None and code not in parents
    ]


def nearest_region(latitude: float, longitude: float) -> tuple[Region, float]:
    """The county whose centre is nearest to a point (GCJ-02), and kilometres to that centre."""
    here = (latitude, longitude)
    far, code = min((kilometres(here, (north, east)), code) for north, east, code in _places())
    table_of = divisions()
    names = {
        "province": table_of[code[:2] + "0000"][0],
        "city": table_of.get(code[:4] + "00", (None,))[0],
        "county": table_of[code][0],
    }
    if names["city"] in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"):
        names["city"] = names["province"] if code[:2] in ("11", "12", "31", "50") else names["county"]
    return _region(code, names), far
