"""What is said in one contact of the programme: the openings of its plans, then the questions one after another."""

from collections.abc import Iterable, Sequence

from core.care.model import FollowUp
from core.care.notice import device_words
from core.customer.model import Customer, Device
from core.house import House
from core.programme.plan import QUESTIONS, Plan

USAGE = (("1", "well"), ("2", "trouble"), ("3", "no_more"))
USAGE_OF_DEVICE = (("1", "well"), ("2", "trouble"), ("3", "not_used"), ("4", "no_more"))
SCORE = tuple((str(score), f"score_{score}") for score in (5, 4, 3, 2, 1))
PERSON = ("0", "person")
Told = tuple[Plan, FollowUp, Device | None]


def opening(house: House, customer: Customer, told: Sequence[Told]) -> str:
    """The greeting, and one line for each plan that falls together here."""
    language = customer.language
    name = customer.name or house.book.text("word.customer", language)
    lines = [house.book.text("plan.greeting", language, name=name)]
    lines += [line(house, language, plan, device) for plan, _, device in told]
    return "\n".join(dict.fromkeys(lines))


def line(house: House, language: str, plan: Plan, device: Device | None) -> str:
    """One plan's own words; a plan without any is named."""
    known = device_words(house, device.category, device.brand, language) if device else None
    thing = known or house.book.text("word.device", language)
    words = plan.text_in(language) or plan.title_in(language)
    return words.replace("{device}", thing).replace("{plan}", plan.title_in(language))


def questions_of(plans: Iterable[Plan]) -> list[str]:
    """The questions of all of them, each once, in the order of asking."""
    wanted = {question for plan in plans for question in plan.questions}
    return [question for question in QUESTIONS if question in wanted]


def choices_of(question: str, *, device: bool) -> tuple[tuple[str, str], ...]:
    """What may be pressed; free words are typed."""
    if question == "usage":
        return (*(USAGE_OF_DEVICE if device else USAGE), PERSON)
    return SCORE if question == "score" else ()
