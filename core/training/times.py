"""When things about a session happen: its usual hours, its reminders, and when attendance may be taken."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.house import House
from core.training.model import TrainingSession


@dataclass(frozen=True)
class Slot:
    """Usual hours of a day, on the business's wall clock."""

    start: time
    end: time

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Begin and end on that day, with the zone."""
        return datetime.combine(day, self.start, zone), datetime.combine(day, self.end, zone)


def usual_slots(policy: dict[str, Any]) -> list[Slot]:
    """Morning and afternoon, as the policy ``training`` has them."""
    return [Slot(_clock(slot["from"]), _clock(slot["until"])) for slot in policy["slots"]]


def reminder_times(house: House, training: TrainingSession, *, at: datetime) -> dict[str, datetime]:
    """ "day" and "hour" → when; what would be due already is left out.

    Whoever registered asked for the reminder, so the one before a morning session may come before the quiet hours
    end (policy ``earliest``); never before that.
    """
    policy, start = house.book.policy("training")["remind"], house.local(training.starts_at)
    day_before = datetime.combine(
        start.date() - timedelta(days=1), _clock(policy["day_before_at"]), house.zone
    )
    earliest = datetime.combine(start.date(), _clock(policy["earliest"]), house.zone)
    hour_before = max(start - timedelta(minutes=policy["minutes_before"]), earliest)
    times = {"day": day_before, "hour": hour_before}
    return {name: due for name, due in times.items() if at < due < start}


def attendance_window(house: House, training: TrainingSession) -> tuple[datetime, datetime]:
    """From when until when attendance may be taken by scanning."""
    policy = house.book.policy("training")["attendance"]
    opens = training.starts_at - timedelta(minutes=policy["opens_minutes_before"])
    return opens, training.ends_at + timedelta(minutes=policy["closes_minutes_after"])


def lasted(house: House, training: TrainingSession) -> str:
    """Day and hours on the business's wall clock, with the year."""
    start, end = house.local(training.starts_at), house.local(training.ends_at)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def session_words(house: House, training: TrainingSession, language: str) -> dict[str, Any]:
    """What a message may say of a session: course, when, place, code."""
    start, end = house.local(training.starts_at), house.local(training.ends_at)
    return {
        "course": training.course.title,
        "when": f"{start:%m-%d %H:%M}–{end:%H:%M}",
        "place": training.place,
        "code": training.code,
    }


def overrun(training: TrainingSession) -> int:
    """Minutes by which the lessons and the breaks between them are longer than the session; 0 when they fit."""
    taught = training.lessons * training.lesson_minutes + (training.lessons - 1) * training.break_minutes
    return max(0, taught - int((training.ends_at - training.starts_at) / timedelta(minutes=1)))


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
