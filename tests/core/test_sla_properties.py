"""Any order of pauses, severities, contracts and jumps of the clock: due times as a slow count, no mark lost or doubled."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.house import House
from core.promise.calendar import OfficeHours
from core.promise.clock import SlaClock, moment_of, pauses_of
from core.promise.plan import own_time
from core.ticket.lifecycle import IllegalMove
from tests.conftest import house_on
from tests.core.clockwork import Clockwork, slow_due
from tests.engines import Cluster, new_sqlite

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERCENTS = (50, 80, 100)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("later"), st.integers(-180, 900)),  # minutes; the clock may be set back
        st.tuples(st.just("severity"), st.sampled_from(["normal", "serious"])),
        st.tuples(st.just("contract"), st.sampled_from(["standard", "engineering"])),
        st.tuples(st.sampled_from(["wait_customer", "go_on", "accept", "dispatch", "wait_parts", "to_centre"]), st.none()),
    ),
    max_size=14,
)  # fmt: skip
FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def go(work: Clockwork, steps: list[tuple[str, object]]) -> None:
    """Do what is possible of ``steps``; after each the row agrees with the slow count."""
    seen: set[tuple[str, str, str]] = set()
    for verb, value in steps:
        if verb == "later":
            work.later(minutes=int(str(value)))
        else:
            with suppress(IllegalMove):
                work.does(verb, **({"value": value} if value else {}))
        for clock in work.clocks().values():
            check_due(work.house, clock)
            check_marks(work, clock, seen)


def check_due(house: House, clock: SlaClock) -> None:
    if clock.started_at is None or clock.stopped_at or clock.breached_at or clock.paused_at:
        return
    hours = OfficeHours.of(house.book.policy("office_hours"), house.zone)
    counts: Callable[[datetime], bool] = hours.is_open if clock.mode == "working" else lambda _: True
    stood = [(pause.begins, pause.ends) for pause in pauses_of(clock)]
    assert clock.due_at == slow_due(clock.started_at, clock.minutes, counts, stood)


def check_marks(work: Clockwork, clock: SlaClock, seen: set[tuple[str, str, str]]) -> None:
    """What is on the row has been said, once: as often as a mark was ever seen on it."""
    said = [verb for verb, note in work.told("sla_warning", "sla_breach") if note == f"sla_{clock.clock}"]
    seen |= {(clock.clock, percent, at) for percent, at in clock.warned.items()}
    assert said.count("sla_breach") == (clock.breached_at is not None)
    assert said.count("sla_warning") == len([mark for mark in seen if mark[0] == clock.clock])


def nothing_is_lost(work: Clockwork) -> None:
    """In the end every clock that nobody stopped has said all it had to say, the longest wait for parts included."""
    if work.look(lambda _, ticket: ticket.waits_for):
        work.does("go_on")
    work.later(days=60)
    for clock in work.clocks().values():
        if clock.started_at is not None and clock.stopped_at is None:
            assert clock.paused_at is None
            assert [p for p in PERCENTS if not clock.marked(p)] == [], clock.clock


def play(url: str, kind: str, steps: list[tuple[str, object]]) -> None:
    house = house_on(url)
    try:
        work = Clockwork(house, MONDAY)
        work.file(kind=kind)
        go(work, steps)
        nothing_is_lost(work)
        if not {"severity", "contract"} & {verb for verb, _ in steps}:
            no_mark_came_early(work)
    finally:
        house.database.close()


def no_mark_came_early(work: Clockwork) -> None:
    """Under terms that never changed a mark is never older than its moment."""
    for clock in work.clocks().values():
        time = own_time(work.house, clock)
        for percent, said in clock.warned.items():
            assert datetime.fromisoformat(said) >= moment_of(clock, int(percent), time)


@FEW
@given(kind=st.sampled_from(["repair", "complaint"]), steps=STEPS)
def test_on_sqlite(kind: str, steps: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        play(new_sqlite(Path(folder)), kind, steps)


def test_on_postgresql(postgres_cluster: Cluster | None) -> None:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; the clocks ran on SQLite only")
    inner = given(kind=st.sampled_from(["repair", "complaint"]), steps=STEPS)(
        lambda kind, steps: play(postgres_cluster.new_database(), kind, steps)
    )
    settings(FEW, max_examples=8)(inner)()
