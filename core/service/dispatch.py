"""The nearest outlet that can take the work, and why it was chosen (B4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.service.distance import kilometres
from core.service.model import Outlet
from core.service.regions import Region, province_centre


@dataclass(frozen=True)
class Choice:
    """``tier``: county, city, nearest, province_centre or none; kilometres to the outlet where known."""

    outlet: Outlet | None
    tier: str
    distance: float | None = None
    open_work: int = 0
    region: str | None = None

    def reason(self) -> dict[str, Any]:
        """As it is kept on the ticket; distance in kilometres."""
        return {
            "tier": self.tier,
            "distance": None if self.distance is None else round(self.distance, 1),
            "open_work": self.open_work,
            "region": self.region,
            "outlet": self.outlet.name if self.outlet else None,
        }


def choose(
    *,
    region: Region | None,
    outlets: Iterable[Outlet],
    category: str | None,
    urgent: bool,
    open_work: Mapping[int, int],
    max_open: int,
) -> Choice:
    """Same county, else same city, else nearest in the province, else the province centre's nearest.

    Within a tier the outlet with free hands and the right skill wins, then the shorter way. An urgent ticket
    looks at the distance first. No outlet in the province, or no region at all: none, a person decides.
    """
    if region is None:
        return Choice(outlet=None, tier="unknown_region")
    able = [
        o for o in outlets if o.active and o.region and o.region[:2] == region.code[:2] and o.can(category)
    ]
    if not able:
        return Choice(outlet=None, tier="none", region=region.name)
    tier, candidates, origin = _tier(region, able)

    def weight(outlet: Outlet) -> tuple[float, ...]:
        work, way = open_work.get(outlet.id, 0), _distance(origin, outlet)
        full, far = float(work >= max_open), way if way is not None else 9999.0
        return (full, far, work, outlet.id) if urgent or tier == "nearest" else (full, work, far, outlet.id)

    best = min(candidates, key=weight)
    return Choice(best, tier, _distance(origin, best), open_work.get(best.id, 0), region.name)


def _tier(region: Region, able: list[Outlet]) -> tuple[str, list[Outlet], tuple[float, float] | None]:
    here = (region.latitude, region.longitude)
    origin = (here[0], here[1]) if here[0] is not None and here[1] is not None else None
    county = [o for o in able if region.same_county(o.region or "")]
    if county:
        return "county", county, origin
    city = [o for o in able if region.same_city(o.region or "")]
    if city:
        return "city", city, origin
    if region.city is None or origin is None:
        return "province_centre", able, province_centre(region)
    return "nearest", able, origin


def _distance(origin: tuple[float, float] | None, outlet: Outlet) -> float | None:
    if origin is None or outlet.latitude is None or outlet.longitude is None:
        return None
    return kilometres(origin, (outlet.latitude, outlet.longitude))
