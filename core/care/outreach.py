"""May this customer be contacted unasked now, and how? A pure decision that carries its reason (E4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.call.limits import NoCall
from core.promise.calendar import NoHolidayData, OfficeHours, QuietHours

WEEK = timedelta(days=7)
CHANNELS = ("chat", "call", "sms", "person")


@dataclass(frozen=True)
class SendBy:
    """Now, by this channel; ``conversation`` is the chat's id, None for a call of ours."""

    channel: str
    conversation: int | None = None


@dataclass(frozen=True)
class Wait:
    """Not now: asked again at ``until``."""

    until: datetime
    why: str


@dataclass(frozen=True)
class Person:
    """Nothing of ours reaches them: a task for a person."""

    why: str


@dataclass(frozen=True)
class Drop:
    """Not at all."""

    why: str


Decision = SendBy | Wait | Person | Drop


@dataclass(frozen=True)
class Chat:
    """A chat with the customer; ``silent`` says why nothing can be sent there now, None when it can."""

    conversation: int
    channel: str
    silent: str | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a customer at one moment; ``contacts`` are unasked ones, ``call`` is why we cannot ring."""

    opted_out: bool = False
    contacts: tuple[datetime, ...] = ()
    chats: tuple[Chat, ...] = ()
    call: NoCall | None = None
    in_form_until: datetime | None = None


@dataclass(frozen=True)
class Rules:
    """The house's limits; ``holidays`` is None where legal holidays are no reason to wait."""

    quiet: QuietHours
    per_week: int
    channels: tuple[str, ...] = CHANNELS
    holidays: OfficeHours | None = None

    @classmethod
    def of(
        cls,
        policy: Any,
        zone: ZoneInfo,
        *,
        channels: tuple[str, ...] = CHANNELS,
        spare_holidays: bool = False,
    ) -> "Rules":
        """``policy`` is the book's reader of policies by name."""
        # Weekends are days like others to a customer; legal holidays are not.
        legal = replace(OfficeHours.of(policy("office_hours"), zone), days_off=()) if spare_holidays else None
        quiet = QuietHours.of(policy("quiet_hours"), zone)
        return cls(quiet, policy("outreach")["per_week"], channels, legal)


def decide(facts: Facts, rules: Rules, *, at: datetime) -> Decision:
    """Never after opting out, never in the quiet hours, never over the cap; then the first channel that may speak."""
    if facts.opted_out:
        return Drop("the customer opted out")
    return _not_now(facts, rules, at) or _way(facts, rules)


def _not_now(facts: Facts, rules: Rules, at: datetime) -> Wait | None:
    if rules.quiet.covers(at):
        return Wait(rules.quiet.after(at), "quiet hours")
    holiday = _after_holidays(rules, at)
    if holiday > at:
        return Wait(holiday, "a legal holiday")
    recent = sorted(moment for moment in facts.contacts if moment > at - WEEK)
    if len(recent) >= rules.per_week:
        # The latest ``per_week`` count: with the first of them a week old, there is room for one.
        until = recent[-rules.per_week] + WEEK if rules.per_week else at + WEEK
        return Wait(rules.quiet.after(until), f"contacted {len(recent)} times within a week")
    if facts.in_form_until is not None and facts.in_form_until > at:
        return Wait(rules.quiet.after(facts.in_form_until), "the customer is in the middle of a report")
    return None


def _after_holidays(rules: Rules, at: datetime) -> datetime:
    """``at``, or the morning of the first day that is no legal holiday."""
    if rules.holidays is None:
        return at
    day = at.astimezone(rules.holidays.zone).date()
    try:
        while not rules.holidays.is_workday(day):
            day += timedelta(days=1)
    except (
        NoHolidayData
    ):  # nobody goes without a follow-up because a table ended; the deadlines complain of it
        return at
    if day == at.astimezone(rules.holidays.zone).date():
        return at
    morning = datetime.combine(day, rules.quiet.end, rules.holidays.zone)
    return rules.quiet.after(morning.astimezone(at.tzinfo))


def _way(facts: Facts, rules: Rules) -> Decision:
    silent: list[str] = []
    for channel in rules.channels:
        if channel == "chat":
            open_chat = next((chat for chat in facts.chats if chat.silent is None), None)
            if open_chat is not None:
                return SendBy(open_chat.channel, open_chat.conversation)
            silent += [f"{chat.channel}: {chat.silent}" for chat in facts.chats] or ["no chat is known"]
        elif channel == "call":
            if facts.call is None:
                return SendBy("voice")
            if facts.call.again is not None:
                return Wait(rules.quiet.after(facts.call.again), facts.call.why)
            silent.append(f"call: {facts.call.why}")
        elif channel == "sms":
            silent.append("SMS: no provider")
        elif channel == "person":
            return Person("; ".join(silent) or "this is asked by a person")
    return Drop("no way is left: " + "; ".join(silent))
