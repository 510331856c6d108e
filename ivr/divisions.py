"""Cities and counties for keys: by area code, by a telephone number's home, and the counties of a city.

Area codes and the homes of mobile numbers are tables of jionlp, read as data; divisions are those of core.service.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from core.knowledge.book import table
from core.service.regions import divisions, locate


@dataclass(frozen=True)
class City:
    """``code`` is the four digits that its counties share; ``name`` has its province in front."""

    code: str
    name: str


def cities_of_area(area: str) -> list[City]:
    """The cities of an area code, its own first: 028 is Chengdu's, and Meishan's and Ziyang's too."""
    found = (_city(name) for name in (*_capital(area), *_homes()[1].get(area, ())))
    return list(dict.fromkeys(city for city in found if city is not None))


def city_of_phone(number: str) -> City | None:
    """Where a number of the mainland is at home: a landline by its area code, a mobile by its first seven digits."""
    national = number.removeprefix("+86") if number.startswith("+86") else ""
    if re.fullmatch(r"1\d{10}", national):
        name = _mobile(national)
        return _city(name) if name else None
    landline = f"0{national}" if national else ""
    area = next((landline[:n] for n in (4, 3) if len(landline) > n and landline[:n] in _homes()[1]), None)
    return next(iter(cities_of_area(area)), None) if area else None


@cache
def counties(city: str) -> list[str]:
    """The names of a city's counties, in the order of their codes."""
    modern = {row["old"]: row["new"] for row in table("renamed_divisions")}
    return [
        modern.get(name, name)
        for code, (name, _, _) in sorted(divisions().items())
        if code.startswith(city) and not code.endswith("00") and name != "市辖区"
    ]


def _city(name: str) -> City | None:
    province, _, city = name.partition(" ")
    region = locate(province + ("" if province == city else city))
    if region is None:
        return None
    code = region.code[:4] if region.city else region.code[:2] + "01"
    full = region.province + ("" if region.city in (None, region.province) else str(region.city))
    return City(code, full)


def _file(name: str) -> str:
    spec = find_spec("jionlp")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package jionlp is missing; run the set-up again")
    path = Path(next(iter(spec.submodule_search_locations))) / "dictionary" / name
    if path.exists():
        return path.read_text("utf-8")
    import zipfile

    with zipfile.ZipFile(path.with_suffix(".zip")) as archive:
        return archive.read(archive.namelist()[0]).decode("utf-8")


@cache
def _homes() -> tuple[str, dict[str, tuple[str, ...]]]:
    """The table of numbers as text, and the cities of each area code as "province city"."""
    text, found = _file("phone_location.txt"), dict[str, list[str]]()
    for line in text.splitlines():
        if line and not line.startswith("\t"):
            place, area = line.split("\t")[:2]
            found.setdefault(area, []).append(place)
    return text, {code: tuple(places) for code, places in found.items()}


def _capital(area: str) -> list[str]:
    """The city that an area code was made for."""
    listed = (
        line.split(" ", 1) for line in _file("landline_phone_area_code.txt").splitlines() if " " in line
    )
    return [place.strip().replace("/", " ") for code, place in listed if code == area]


@lru_cache(maxsize=1000)
def _mobile(number: str) -> str | None:
    """ "province city" of a mobile number, by the ranges listed for its first three digits under each city."""
    start, rest, place = number[:3], int(number[3:7]), None
    for line in _homes()[0].splitlines():
        if not line.startswith("\t"):
            place = line.split("\t")[0]
        elif line.startswith(f"\t{start}\t") and any(
            _within(rest, r) for r in line.split("\t")[2].split(",")
        ):
            return place
    return None


def _within(number: int, span: str) -> bool:
    low, _, high = span.partition("-")
    return int(low) <= number <= int(high or low)
