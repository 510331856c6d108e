"""What is near a point: the county it lies in, and the outlets by distance."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.service.datum import in_gcj02
from core.service.distance import kilometres
from core.service.model import Outlet
from core.service.regions import Region, nearest_region

ABROAD = 250.0  # kilometres from any county's centre; the widest counties of the west have half of it


@dataclass(frozen=True)
class Point:
    """Degrees north and east in GCJ-02, and the county whose centre is nearest; None when that is far abroad."""

    latitude: float
    longitude: float
    region: Region | None

    @property
    def coordinates(self) -> tuple[float, float]:
        """(latitude, longitude) in degrees, GCJ-02."""
        return self.latitude, self.longitude


def point(payload: Mapping[str, Any]) -> Point | None:
    """A location message: latitude, longitude (numbers or text), datum (wgs84 unless told). None: no place on earth."""
    try:
        latitude, longitude = float(payload["latitude"]), float(payload["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    finite = math.isfinite(latitude) and math.isfinite(longitude)
    if (
        not finite
        or abs(latitude) > 90
        or abs(longitude) > 180
        or (abs(latitude) < 1e-6 and abs(longitude) < 1e-6)
    ):
        return None
    latitude, longitude = in_gcj02(latitude, longitude, str(payload.get("datum") or "wgs84"))
    region, far = nearest_region(latitude, longitude)
    return Point(latitude, longitude, region if far <= ABROAD else None)


def nearest_outlet(
    here: Point, outlets: Iterable[Outlet], category: str | None
) -> tuple[Outlet, float] | None:
    """The nearest outlet that can do the work, and kilometres as the crow flies."""
    able = (
        (kilometres(here.coordinates, (outlet.latitude, outlet.longitude)), outlet.id, outlet)
        for outlet in outlets
        if outlet.active
        and outlet.can(category)
        and outlet.latitude is not None
        and outlet.longitude is not None
    )
    best = min(able, default=None, key=lambda found: found[:2])
    return (best[2], best[0]) if best else None
