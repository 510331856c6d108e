"""GCJ-02, the datum of maps in China: shifted by law against WGS-84, by up to 700 m. The published formula."""

import math

_A, _EE = 6378245.0, 0.00669342162296594323  # the Krasovsky ellipsoid
DATUMS = ("gcj02", "wgs84")


def in_gcj02(latitude: float, longitude: float, datum: str) -> tuple[float, float]:
    """A point (degrees north, east) on Chinese maps; outside China, and for GCJ-02 itself, as it is."""
    if datum != "wgs84" or outside_china(latitude, longitude):
        return latitude, longitude
    north, east = _north(longitude - 105, latitude - 35), _east(longitude - 105, latitude - 35)
    sine = math.sin(math.radians(latitude))
    magic = 1 - _EE * sine * sine
    north = math.degrees(north * magic * math.sqrt(magic) / (_A * (1 - _EE)))
    east = math.degrees(east * math.sqrt(magic) / (_A * math.cos(math.radians(latitude))))
    return latitude + north, longitude + east


def outside_china(latitude: float, longitude: float) -> bool:
    """As the formula's authors draw it: a box."""
    return not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347)


def _waves(x: float, *waves: tuple[float, float]) -> float:
    return sum(height * math.sin(x / length * math.pi) for height, length in waves) * 2 / 3


def _north(x: float, y: float) -> float:
    metres = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    metres += _waves(x, (20, 1 / 6), (20, 1 / 2))
    return metres + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))


def _east(x: float, y: float) -> float:
    metres = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    metres += _waves(x, (20, 1 / 6), (20, 1 / 2))
    return metres + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
