"""A plan of the follow-up programme 回访计划, read from its data and checked: when, whom, what, by which way, until when."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.categories import CATEGORIES
from core.programme.offset import BadOffset, Offset
from core.programme.rhythm import Rhythm, occurrences

TRIGGERS = ("ticket_done", "sale", "delivery", "warranty_end", "training_held", "launch", "calendar")
ACTIONS = ("ask", "visit", "report")
QUESTIONS = ("usage", "score", "words")
WAYS = ("chat", "call", "sms", "person")
STOPS = ("device_retired", "no_more", "open_complaint")
# The two of every finished service (E1) have wording, answers and deadlines of their own (core/care/).
OF_A_SERVICE = {"follow_up": ("fixed",), "survey": ("rating",)}
DEVICES = ("sale", "delivery", "warranty_end")


class BadPlan(ValueError):
    """A plan that cannot be kept; ``why`` is a wording key below ``plan.bad.``."""

    def __init__(self, why: str, **values: Any) -> None:
        super().__init__(why)
        self.why, self.values = why, values


@dataclass(frozen=True)
class Who:
    """Whom a plan concerns: each tuple that is not empty narrows it. Contracts are those of the service levels."""

    contracts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: dict[str, Any]) -> "Who":
        return cls(**{one.name: tuple(written.get(one.name) or ()) for one in fields(cls)})

    def takes(self, *, contract: str | None, category: str | None = None, model: str | None = None) -> bool:
        """An empty list wants everything; None is only taken by one."""
        facts = ((self.contracts, contract or "standard"), (self.categories, category), (self.models, model))
        return all(not wanted or value in wanted for wanted, value in facts)


@dataclass(frozen=True)
class Plan:
    """``within`` is how long after falling due it still counts as kept. ``clock`` is when a day's event is acted on."""

    name: str
    title: str
    trigger: str
    rhythm: Rhythm
    within: Offset
    title_en: str = ""
    action: str = "ask"
    clock: time = time(10)
    starts_on: date | None = None
    who: Who = field(default_factory=Who)
    questions: tuple[str, ...] = ()
    text: str = ""
    text_en: str = ""
    channels: tuple[str, ...] = WAYS
    stops: tuple[str, ...] = STOPS
    spare_holidays: bool = False
    active: bool = True

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Plan":
        """From the columns of ``follow_up_plans``; BadPlan tells what is wrong with them."""
        written = {one.name: row[one.name] for one in fields(cls) if row.get(one.name) is not None}
        try:
            written["rhythm"] = Rhythm.of(row.get("rhythm") or {})
            written["within"] = Offset.of(row["within"])
        except BadOffset as error:
            raise BadPlan("offset", text=str(error)) from error
        try:
            written["clock"] = time.fromisoformat(row.get("clock") or "10:00")
            written["starts_on"] = date.fromisoformat(row["starts_on"]) if row.get("starts_on") else None
        except ValueError as error:
            raise BadPlan("moment") from error
        written["who"] = Who.of(row.get("who") or {})
        written |= {name: tuple(row.get(name) or ()) for name in ("questions", "channels", "stops")}
        plan = cls(**written)
        _check(plan)
        return plan

    def title_in(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title

    def text_in(self, language: str) -> str:
        """What is said before its questions; it may say {device}, {name} and {plan}."""
        return self.text_en if language == "en" and self.text_en else self.text

    @property
    def of_a_service(self) -> bool:
        """Whether it is one of the two of every finished service, which have words of their own (core/care/)."""
        return self.name in OF_A_SERVICE

    def moment(self, event: date | datetime, zone: ZoneInfo) -> datetime:
        """When an event counts from, on the house's wall: a day's event from the plan's hour."""
        if isinstance(event, datetime):
            return event.astimezone(zone)
        return datetime.combine(event, self.clock, zone)

    def dates(
        self, event: date | datetime, *, since: datetime, until: datetime, zone: ZoneInfo
    ) -> list[datetime]:
        """When it falls due after ``since`` and up to ``until``."""
        return occurrences(self.rhythm, self.moment(event, zone), since=since, until=until)

    def due_by(self, moment: datetime) -> datetime:
        """The last moment at which an occurrence still counts as kept in time."""
        return self.within.after(moment)


def _check(plan: Plan) -> None:
    lists = (
        ("trigger", (plan.trigger,), TRIGGERS),
        ("action", (plan.action,), ACTIONS),
        ("questions", plan.questions, OF_A_SERVICE.get(plan.name, QUESTIONS)),
        ("channels", plan.channels, WAYS),
        ("stops", plan.stops, STOPS),
        ("categories", plan.who.categories, CATEGORIES),
    )
    for name, given, known in lists:
        if unknown := [value for value in given if value not in known]:
            raise BadPlan("unknown", field=name, value=unknown[0])
    for why, wrong in _mistakes(plan).items():
        if wrong:
            raise BadPlan(why)


def _mistakes(plan: Plan) -> dict[str, bool]:
    offsets = [*plan.rhythm.at, plan.within]
    early = any(offset.amount < 0 for offset in plan.rhythm.at)
    return {
        "title": not plan.title.strip(),
        "rhythm": not plan.rhythm.at and not plan.rhythm.spells,
        "within": plan.within.amount <= 0,
        # Only what is known beforehand can be acted on beforehand.
        "early": early and plan.trigger not in ("warranty_end", "calendar", "launch"),
        "endless": plan.rhythm.endless and plan.trigger in ("ticket_done", "training_held"),
        "nothing_asked": plan.action == "ask" and not plan.questions,
        "no_way": plan.action == "ask" and not plan.channels,
        "report": plan.action == "report" and plan.trigger != "launch",
        "visit": plan.action == "visit" and plan.trigger not in DEVICES,
        "starts_on": plan.trigger == "calendar" and plan.starts_on is None,
        "service": plan.of_a_service and (plan.trigger != "ticket_done" or len(offsets) != 2),
    }
