"""Any order of tickets, moves, alerts, answers, outages and a clock put forward and back: promises are kept once."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.escalation.watch import raise_late
from core.ticket.model import SEVERITIES
from tests.conftest import house_on
from tests.core.invariants import check
from tests.core.promise_invariants import at_rest, check_promises
from tests.core.promising import BUTTONS, CHATS, CUSTOMERS, KINDS, SENDING, SWEEPING, Promising
from tests.core.world import MOODS
from tests.engines import Cluster, new_sqlite

pytestmark = pytest.mark.timeout(900)  # long by nature, and longer beside a busy neighbour
ANY = st.integers(0, 1000)
FEW = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # a failure is at most 30 steps as found
    report_multiple_bugs=False,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PEOPLE = {
    "files": 2,
    "staff_go_on": 6,
    "is_done_at_any_hour": 2,
    "alarm": 1,
    "staff_answer": 3,
    "customer_answers": 3,
    "a_person_calls": 2,
}
FORCES = {
    "channel_changes": 2,
    "time_passes": 3,
    "everything_is_down": 1,
    "the_clock_is_put_back": 1,
    "dies": 2,
    "the_auditor_looks": 1,
}


def drawn(weights: dict[str, int]) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, weight in weights.items() for _ in range(weight)])


class Promises(RuleBasedStateMachine):
    """Two rules, each with a table: as a rule of its own, hypothesis would leave most of them out of most runs."""

    new_url: Callable[[Path], str]

    @initialize(n=ANY, m=ANY)
    def open(self, n: int, m: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.world = Promising(house_on(type(self).new_url(Path(self.folder.name))))
        self.alarms = 0
        self.files(n, m)

    @rule(what=drawn(PEOPLE), n=ANY, m=ANY)
    def people(self, what: str, n: int, m: int) -> None:
        getattr(self, what)(n, m)

    @rule(what=drawn(FORCES), n=ANY, m=ANY)
    def forces(self, what: str, n: int, m: int) -> None:
        getattr(self, what)(n, m)

    def ticket(self, n: int) -> str:
        numbers = self.world.numbers()
        return numbers[n % len(numbers)]

    def files(self, n: int, m: int) -> None:
        self.world.files(_one_of([*CUSTOMERS], n), _one_of(KINDS, m), _one_of(SEVERITIES, n // 7))

    def staff_go_on(self, n: int, m: int) -> None:
        self.world.staff_do(self.ticket(n), m)

    def is_done_at_any_hour(self, n: int, m: int) -> None:
        self.world.lives(m % 24)
        self.world.does(self.ticket(n), "done")

    def alarm(self, n: int, m: int) -> None:
        self.alarms += 1
        self.world.alarm(self.ticket(n), f"alarm:{self.alarms}")

    def staff_answer(self, n: int, m: int) -> None:
        self.world.answer(self.ticket(n), _one_of([*CHATS], m), _one_of([*BUTTONS], m // 7))

    def customer_answers(self, n: int, m: int) -> None:
        who = _one_of(["王女士", "张先生"], n)
        self.world.arrive(
            who, _one_of(["1", "2", "5", "没修好", "退订", "1"], m), channel=CUSTOMERS[who] or ""
        )
        self.world.dies(lambda: (self.world.turns(), self.world.sends()))

    def a_person_calls(self, n: int, m: int) -> None:
        self.world.calls(n, 1 + m % 5)

    def channel_changes(self, n: int, m: int) -> None:
        channels = ["webchat", "wechat", "wecom", "telegram", "console"]
        self.world.recorders[_one_of(channels, n)].mood = _one_of([*MOODS, "well"], m)

    def time_passes(self, n: int, m: int) -> None:
        self.world.lives(_one_of([0.1, 1, 5, 30], n))
        self.world.leases_end()

    def everything_is_down(self, n: int, m: int) -> None:
        """And comes back: what fell due meanwhile is kept late."""
        self.world.house.clock.jump(timedelta(hours=_one_of([1, 12, 72, 24 * 9], n)))
        self.world.sweeps()

    def the_clock_is_put_back(self, n: int, m: int) -> None:
        self.world.house.clock.jump(-timedelta(minutes=_one_of([1, 30, 60 * 5, 60 * 24 * 2], n)))
        self.world.sweeps()

    def dies(self, n: int, m: int) -> None:
        """The power fails at a named point; the next process goes on where this one was."""
        self.world.house.clock.jump(timedelta(hours=m % 30))
        self.world.dies_at(_one_of([*SWEEPING, *SENDING], n), 1 + m % 3)
        self.world.sweeps()

    def the_auditor_looks(self, n: int, m: int) -> None:
        raise_late(self.world.house)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "world"):
            check(self.world.house)
            check_promises(self.world.house)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.comes_to_rest()
            self.holds()
            at_rest(self.world.house)
            self.world.house.database.close()
            self.folder.cleanup()


def _one_of(things: Sequence[Any], n: int) -> Any:
    return things[n % len(things)]


def run_on(new_url: Callable[[Path], str]) -> None:
    run_state_machine_as_test(type("Machine", (Promises,), {"new_url": staticmethod(new_url)}), settings=FEW)


def test_on_sqlite() -> None:
    run_on(new_sqlite)


def test_on_postgresql(postgres_cluster: Cluster | None) -> None:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; the machine ran on SQLite only")
    run_on(lambda _folder: postgres_cluster.new_database())
