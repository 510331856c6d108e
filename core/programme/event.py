"""What a plan counts from: the day of a device's sale, delivery or warranty's end, or of owning a new product."""

from collections.abc import Iterable
from datetime import date

from core.customer.model import Device
from core.programme.model import ProductLaunch
from core.programme.plan import Plan
from core.service.warranty import add_months, last_day


def event_of(
    plan: Plan, device: Device, *, warranty_months: dict[str, int], launches: Iterable[ProductLaunch] = ()
) -> date | None:
    """The day that a plan counts from for this device; None where it is not known or the plan is not about devices."""
    if plan.trigger == "sale":
        return device.sold_on
    if plan.trigger == "delivery":
        return device.delivered_on
    if plan.trigger == "warranty_end":
        return warranty_end(device, warranty_months)
    if plan.trigger == "launch" and plan.action == "ask":
        return _owned_new(device, launches)
    return None


def warranty_end(device: Device, months: dict[str, int]) -> date | None:
    """The last day under warranty (B3), the category's months after the end of the told day, month or year."""
    if device.purchase_date is None:
        return None
    bought = last_day(device.purchase_date, device.purchase_precision or "day")
    return add_months(bought, months.get(device.category, months.get("other", 12)))


def _owned_new(device: Device, launches: Iterable[ProductLaunch]) -> date | None:
    """The day it was got, if that was while the product was new on the market."""
    exact = device.purchase_date if (device.purchase_precision or "day") == "day" else None
    since = device.sold_on or device.delivered_on or exact
    if since is None:
        return None
    new = (one for one in launches if is_of(device, one))
    return since if any(one.launched_on <= since <= one.watched_until for one in new) else None


def is_of(device: Device, launch: ProductLaunch) -> bool:
    """Whether a device is of the launched product."""
    named = ((launch.brand, device.brand), (launch.model, device.model))
    return device.category == launch.category and all(not want or want == have for want, have in named)
