"""The pages of deadlines, alerts and follow-up, by keyboard alone and on a phone."""

from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.care.model import CallTask
from core.care.tasks import open_task
from core.clock import Clock
from core.database import Database
from core.house import House
from core.knowledge.book import Book
from core.staff.push import push
from core.ticket.model import Ticket
from tests.browser.test_play import log_in
from tests.server import Server

pytestmark = pytest.mark.browser
PAGES = ("sla", "escalation", "calls", "promises", "roster", "satisfaction")
# What a person could want to press; of radio buttons with one name, Tab comes to one, arrow keys to the others.
MARK = """() => {
  let number = 0;
  const radios = new Set();
  for (const one of document.querySelectorAll(".page-body :is(a[href], button, input, select, textarea, summary)")) {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) continue;
    if (one.type === "radio" && !one.checked) continue;
    one.dataset.wanted = number++;
  }
  return number;
}"""
HERE = """() => {
  const one = document.activeElement, shown = one.type === "radio" ? one.nextElementSibling : one;
  const style = getComputedStyle(shown);
  const visible = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return [one.dataset.wanted ?? null, visible];
}"""


@pytest.fixture
def house(demo: Server) -> House:
    database = Database(f"sqlite:///{demo.home / 'frontdoor.db'}")
    return House(database, Clock(database, demo=True), Book(database), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def ticket(house: House) -> str:
    """One alert that runs and one customer to call, beside what the demonstration brings."""
    now = house.clock.now()
    with house.database.session() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.phone.is_not(None))).first()
        assert ticket is not None
        open_task(session, house, ticket, key="call:test", purpose="survey", why="no chat is known", at=now)
        push(
            session,
            house,
            key="alarm:test",
            audience="on_duty",
            wording="push.emergency",
            at=now,
            ticket=ticket,
        )
        session.commit()
        return ticket.number


def tabbed(page: Page, wanted: int) -> dict[str, bool]:
    """Which of the wanted controls Tab comes to, and whether one sees that it is there."""
    found: dict[str, bool] = {}
    for _ in range(wanted + 80):  # the menu and the head come first
        page.keyboard.press("Tab")
        number, visible = page.evaluate(HERE)
        if number is not None:
            found[number] = visible
        if len(found) == wanted:
            break
    return found


def test_every_control_is_reached_by_tab_and_seen(
    page: Page, demo: Server, password: str, ticket: str
) -> None:
    log_in(page, demo, password)
    page.route("**/console/sla?part=1*", lambda route: route.abort())  # other rows would have no marks
    for name in PAGES:
        page.goto(f"{demo.url}/console/{name}")
        wanted = page.evaluate(MARK)
        found = tabbed(page, wanted)
        assert len(found) == wanted, (name, wanted, sorted(found))
        unseen = [number for number, visible in found.items() if not visible]
        assert not unseen, (
            name,
            [page.locator(f"[data-wanted='{n}']").evaluate("e => e.outerHTML") for n in unseen],
        )


def test_no_page_scrolls_sideways_on_a_phone(page: Page, demo: Server, password: str, ticket: str) -> None:
    log_in(page, demo, password)
    page.set_viewport_size({"width": 390, "height": 844})
    for name in PAGES:
        page.goto(f"{demo.url}/console/{name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, (name, width)


def test_a_call_is_settled_by_enter(
    page: Page, demo: Server, password: str, ticket: str, house: House
) -> None:
    log_in(page, demo, password)
    page.goto(f"{demo.url}/console/calls")
    call = page.locator(".fd-call", has_text=ticket)
    expect(call).to_be_visible()
    call.locator("button[value=fixed]").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".fd-call", has_text=ticket)).to_have_count(0)
    with house.database.reading() as session:
        task = session.scalars(select(CallTask).where(CallTask.key == "call:test")).one()
    assert (task.state, task.outcome) == ("done", "fixed") and task.taken_by
