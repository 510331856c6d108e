"""Any order of arrivals, staff, time, failures and power cuts: the invariants hold after every step."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.dialogue.turn import take_turn
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.ticket.actions import BadRequest, ConsentNeeded
from core.ticket.lifecycle import VERBS, IllegalMove, allowed_verbs
from scheduler.demo import advance, target_of
from tests.conftest import house_on
from tests.core.invariants import check
from tests.core.world import MOODS, World, cut
from tests.engines import Cluster, new_sqlite

pytestmark = pytest.mark.timeout(900)  # long by nature, and longer beside a busy neighbour
PEOPLE = st.sampled_from(["王女士", "张先生", "a visitor"])
TEXTS = st.sampled_from(
    [
        "我家美的空调不制冷了，直接报修",
        "还是不行",
        "洗衣机漏电了",
        "我闻到燃气味",
        "转人工",
        "我的报修到哪一步了",
        "取消报修",
        "确认",
        "跳过",
        "我叫王芳，电话13800138000，住成都市武侯区天府大道1号3栋201，去年5月买的，型号KFR-35GW",
        "海尔洗衣机不脱水，2015年买的",
        "空调还是不制冷啊",
        "同意",
        "没修好",
        "已修好",
        "我要投诉，师傅态度太差",
        "asdkjh",
        "😀😀",
        "继续",
        "退订",
        "重新开始",
        "不对，电话是13911112222",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]
)
SPANS = st.sampled_from(["1h", "5h", "1d", "3d"])
FEW = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=(
        Phase.generate,
    ),  # a failure is at most 25 steps as found; making it shorter takes longer than CI waits
    report_multiple_bugs=False,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class FrontDoor(RuleBasedStateMachine):
    new_url: Callable[[Path], str]

    @initialize(done=st.booleans())
    def open(self, done: bool) -> None:
        """One ticket is filed; in half of the runs its repair is done, so that care and ratings come into play."""
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(house_on(type(self).new_url(Path(self.folder.name))))
        self.heard: list[tuple[str, str, str]] = []
        self.world.says("洗衣机漏电了，我叫王芳，电话13800138000，住成都市武侯区天府大道1号")
        if done:
            self.world.staff("done", self.world.tickets()[0]["number"])

    @rule(who=PEOPLE, text=TEXTS)
    def arrives(self, who: str, text: str) -> None:
        self.heard.append((who, text, f"id{len(self.heard)}"))
        self.world.arrive(who, text, key=self.heard[-1][2])

    @rule(which=st.integers(0, 100))
    def arrives_again(self, which: int) -> None:
        """The provider repeats an old webhook, long after newer ones."""
        if self.heard:
            who, text, key = self.heard[which % len(self.heard)]
            self.world.arrive(who, text, key=key)

    @rule(who=PEOPLE, text=TEXTS)
    def is_answered(self, who: str, text: str) -> None:
        self.arrives(who, text)
        self.world.dies(lambda: (self.world.turns(), self.world.sends()))

    @rule()
    def workers_turn(self) -> None:
        self.world.leases_end()
        self.world.dies(lambda: (self.world.turns(), self.world.sends()))

    @rule(model=st.sampled_from([InboxMessage, OutboxMessage]))
    def dies_after_a_claim(self, model: type) -> None:
        self.world.take(model, limit=3)

    @rule()
    def dies_before_the_commit_of_a_turn(self) -> None:
        with cut("core.dialogue.turn.finish"):
            self.world.dies(self.world.turns)

    @rule()
    def dies_after_the_commit_of_a_turn(self) -> None:
        for row in self.world.take(InboxMessage)[:1]:
            take_turn(self.world.house, row, self.world.understand)

    @rule()
    def a_turn_fails(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("core.dialogue.turn.say", None)
            self.world.turns()

    @rule(name=st.sampled_from(["webchat", "console"]), mood=st.sampled_from(MOODS))
    def channel_changes(self, name: str, mood: str) -> None:
        self.world.recorders[name].mood = mood

    @rule(which=st.integers(0, 100), step=st.integers(0, 100))
    def staff_go_on(self, which: int, step: int) -> None:
        """Something the table allows, so that tickets travel far."""
        tickets = self.world.tickets()
        verbs = allowed_verbs(tickets[which % len(tickets)]["state"])
        if verbs:
            self.staff_act(which, verbs[step % len(verbs)], step)

    @rule(who=st.sampled_from(["王女士", "张先生"]), score=st.sampled_from("1245"))
    def rates(self, who: str, score: str) -> None:
        self.is_answered(who, score)

    @rule(
        which=st.integers(0, 100), verb=st.sampled_from([*VERBS, "quote", "sign"]), other=st.integers(0, 100)
    )
    def staff_act(self, which: int, verb: str, other: int) -> None:
        numbers = [ticket["number"] for ticket in self.world.tickets()]
        if not numbers:
            return
        visit = self.world.house.clock.now() + timedelta(hours=other)
        with suppress(IllegalMove, ConsentNeeded, BadRequest):
            self.world.order(
                verb, numbers[which % len(numbers)], when=visit, into=numbers[other % len(numbers)], fee=99.5
            )

    @rule(which=st.integers(0, 100), hours=st.integers(0, 23))
    def is_done_and_called_back(self, which: int, hours: int) -> None:
        """At any hour of the day the work is done; a day later the follow-up has come, unless something forbade it."""
        advance(self.world.house, f"{hours + 0.5}h")
        self.staff_act(which, "done", 0)
        advance(self.world.house, "25h")

    @rule(span=SPANS)
    def time_passes(self, span: str) -> None:
        advance(self.world.house, span)

    @rule(span=SPANS)
    def the_clock_dies(self, span: str) -> None:
        house = self.world.house
        house.clock.move_to(target_of(house, span, now=house.clock.now()))
        self.world.sweeps_until_dark()

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "world"):
            check(self.world.house)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.heals()
            check(self.world.house)
            self.world.house.database.close()
            self.folder.cleanup()


def run_on(new_url: Callable[[Path], str]) -> None:
    run_state_machine_as_test(type("Machine", (FrontDoor,), {"new_url": staticmethod(new_url)}), settings=FEW)


def test_on_sqlite() -> None:
    run_on(new_sqlite)


def test_on_postgresql(postgres_cluster: Cluster | None) -> None:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; the machine ran on SQLite only")
    run_on(lambda _folder: postgres_cluster.new_database())
