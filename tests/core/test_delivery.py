"""Sending: what came back decides whether a message is done, waits or is a dead letter, and whether a person is lost."""

from sqlalchemy import select, update

from core.customer.model import Identity
from core.messaging.channel import Later, Never, Outgoing
from core.messaging.delivery import MOST_ATTEMPTS, MOST_WAITS
from core.messaging.outbox import OutboxMessage
from tests.core.world import World
from tests.play import Story


def answer(world: World) -> OutboxMessage:
    with world.house.database.reading() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.channel == "webchat")).one()


def gone(world: World) -> bool:
    with world.house.database.reading() as session:
        return session.scalars(select(Identity.dead_at)).one() is not None


def tried(world: World, attempts: int) -> None:
    with world.house.database.session() as session:
        session.execute(update(OutboxMessage).values(attempt=attempts))
        session.commit()
    world.leases_end()
    world.sends()


def asked(story: Story) -> World:
    world = World.__new__(World)
    world.__dict__ |= story.__dict__
    world.arrive("王女士", "你好")
    world.turns()
    return world


class Failing:
    name = "webchat"

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def send(self, message: Outgoing) -> str:
        raise self.failure


def test_a_refusal_is_a_dead_letter_and_the_person_is_not_reached_this_way_until_they_speak(
    story: Story,
) -> None:
    world = asked(story)
    world.recorders["webchat"] = Failing(Never("blocked by the user"))  # type: ignore[assignment]
    world.sends()
    message = answer(world)
    assert (message.status, message.error) == ("dead", "blocked by the user") and gone(world)
    world.arrive("王女士", "在吗")
    world.turns()
    assert not gone(world)


def test_an_outage_is_waited_out_and_nobody_is_written_off(story: Story) -> None:
    world = asked(story)
    world.recorders["webchat"] = Failing(Later("down", delay=7))  # type: ignore[assignment]
    tried(world, MOST_ATTEMPTS + 5)
    assert answer(world).status == "pending"
    tried(world, MOST_WAITS)
    assert answer(world).status == "dead" and not gone(world)


def test_an_unknown_failure_is_tried_again_a_few_times(story: Story) -> None:
    world = asked(story)
    world.recorders["webchat"] = Failing(ValueError("what?"))  # type: ignore[assignment]
    world.sends()
    first = answer(world)
    assert (first.status, first.attempt, first.error) == ("pending", 1, "ValueError: what?")
    tried(world, MOST_ATTEMPTS)
    assert answer(world).status == "dead" and not gone(world)


def test_a_channel_that_is_not_set_up_is_waited_for(story: Story) -> None:
    world = asked(story)
    del world.recorders["webchat"]
    world.sends()
    assert answer(world).status == "pending" and "not configured" in (answer(world).error or "")
