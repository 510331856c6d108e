"""Questions that the house answers by itself: warranty and fees, hotlines and outlets."""

import re
from datetime import date

from sqlalchemy import select

from core.dialogue.cues import symptom_of
from core.dialogue.lexicon import brand_of
from core.dialogue.talk import Talk
from core.dialogue.topics import intake
from core.service.dispatch import choose
from core.service.fees import estimate, yuan
from core.service.model import Hotline, Outlet
from core.service.regions import locate
from core.service.warranty import decide, reason
from core.ticket.theirs import tickets_of


def about(talk: Talk, name: str) -> str | None:
    """A fact of this message, of the open form, or of the device last reported."""
    value = talk.facts.slots.get(name) or talk.state.slots.get(name)
    if not value and talk.state.form is None and (talk.state.question or talk.state.last_ticket):
        number = (talk.state.question.ticket if talk.state.question else None) or talk.state.last_ticket
        ticket = next((t for t in tickets_of(talk.session, talk.customer) if t.number == number), None)
        value = getattr(ticket, name, None)
    return str(value) if value else None


def fee(talk: Talk) -> None:
    """The warranty of the category and the price list; the binding price comes with the ticket."""
    category = about(talk, "category") or talk.state.about
    policy = talk.house.book.policy
    if category is None:
        talk.say("fee.which")
        return
    talk.state.about = category
    symptom = about(talk, "symptom") or symptom_of(talk.text)
    cost = estimate(
        category=category,
        symptom=symptom,
        price_list=policy("price_list"),
        markup=policy("price_markup_percent"),
    )
    bought = talk.facts.slots.get("purchase_date") or talk.state.slots.get("purchase_date")
    if bought:
        _warranty(talk, category)
    talk.say(
        "fee.general",
        category=talk.label("category", category),
        months=policy("warranty_months").get(category, 12),
        visit=yuan(cost.visit),
        repair=yuan(cost.repair),
        price=yuan(cost.price),
    )
    if (
        talk.state.form is None
        and talk.facts.slots.get("category")
        and symptom_of(talk.text) not in (None, "other")
    ):
        intake.report(talk)  # the fault was told with the question: it need not be told again


def _warranty(talk: Talk, category: str) -> None:
    """Whether a thing bought on the day they name is still under warranty."""
    told = {**talk.state.slots, **talk.facts.slots}
    decision = decide(
        category=category,
        purchase_date=date.fromisoformat(told["purchase_date"]),
        precision=told.get("purchase_precision"),
        description=talk.text,
        today=talk.house.local(talk.at).date(),
        months=talk.house.book.policy("warranty_months"),
        exclusions=talk.house.book.policy("warranty_exclusions"),
    )
    why = reason(decision)
    key = f"warranty.{decision.state}" + (f".{why['why']}" if decision.state == "out" else "")
    talk.say(key, until=why["until"] or "—")


def contact(talk: Talk) -> None:
    """A brand's hotline (A8), or the nearest outlet to an address; else how to reach us."""
    address = talk.facts.slots.get("address") or talk.customer.address
    if _HOURS.search(talk.text):
        _hours(talk)
    elif re.search(r"师傅|维修员|安装工|technician", talk.text) and tickets_of(
        talk.session, talk.customer, limit=1
    ):
        talk.say("contact.technician")
    elif talk.facts.slots.get("brand") or brand_of(talk.text):
        _hotline(talk)
    elif address and any(
        word in talk.text for word in ("网点", "门店", "维修点", "附近", "地址", "哪里修", "维修店")
    ):
        _nearest(talk, str(address))
    elif any(word in talk.text for word in ("网点", "门店", "维修点", "附近", "维修店")):
        talk.say("contact.where")
        if talk.state.form is None:
            talk.ask("where")
    else:
        talk.say("contact.house")


_HOURS = re.compile(r"几点|上班|下班|营业时间|工作时间|办公时间|几号放假|opening hours|open", re.IGNORECASE)


def _hours(talk: Talk) -> None:
    spans = "、".join("–".join(span) for span in talk.house.book.policy("office_hours")["spans"])
    talk.say("contact.hours", spans=spans)


def _hotline(talk: Talk) -> None:
    brand = talk.facts.slots.get("brand") or brand_of(talk.text)
    rows = talk.session.scalars(select(Hotline).where(Hotline.brand == brand)).all()
    category = talk.facts.slots.get("category")
    word = talk.house.book.label("category", category) if category else None
    fitting = [row for row in rows if word and row.category == word] or rows
    if not fitting:
        talk.say("contact.no_hotline", brand=brand)
    for row in fitting:
        talk.say("contact.hotline", brand=row.brand, category=row.category, hotline=row.hotline)


def where(talk: Talk) -> bool:
    """The place we asked for, to name the nearest outlet."""
    place = talk.facts.slots.get("address") or talk.text
    if len(place) > 60 or locate(place) is None:
        return False
    talk.drop_question()
    _nearest(talk, place)
    return True


def _nearest(talk: Talk, address: str) -> None:
    outlets = talk.session.scalars(select(Outlet).where(Outlet.active)).all()
    choice = choose(
        region=locate(address),
        outlets=outlets,
        category=talk.facts.slots.get("category"),
        urgent=True,
        open_work={},
        max_open=1,
    )
    if choice.outlet is None:
        talk.say("contact.no_outlet")
    else:
        talk.say("contact.outlet", outlet=choice.outlet.name, address=choice.outlet.address)
