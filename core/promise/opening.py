"""When the house is open."""

from core.house import House
from core.promise.calendar import OfficeHours


def office_hours(house: House) -> OfficeHours:
    """The hours in force, from the policy ``office_hours``."""
    return OfficeHours.of(house.book.policy("office_hours"), house.zone)
