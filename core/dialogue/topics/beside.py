"""Articles offered beside a question of ours that stays open: its keys mean what they meant, the next ones are theirs."""

from core.dialogue.state import Question
from core.dialogue.talk import Talk
from core.dialogue.topics import slots

# Answered by a choice, so that words which ask something are no answer to them. Not where free words are taken (a fact
# of a form, a place, another time, a remark: complaints and danger ask for nothing else), where digits are scores, nor
# where somebody proves who they are.
KINDS = (
    "help", "confirm", "device", "resume", "fee", "cancel", "signed", "doubt", "qa_link", "training_pick", "training_leave",
)  # fmt: skip
OFFERED = "pair:"  # how their choices begin
_LARGEST = 9  # a key is one digit
_NAMED = 2  # more choices of the question's own are told by their keys alone


def is_moment(talk: Talk) -> bool:
    """A choice is open that can wait; on the phone the call goes on with its menu."""
    question = talk.state.question
    if question is None or question.kind not in KINDS or talk.channel == "voice":
        return False
    return not talk.facts.problems and _first_key(question) <= _LARGEST


def offer(talk: Talk, near: str, values: list[str], *, often: bool) -> None:
    """Show them behind the question's own choices; ``near`` is what nearest.py remembers of them."""
    question = talk.state.question
    assert question is not None
    if talk.state.form is not None:
        slots.keep_facts(talk)  # what the words tell besides is not lost
    end(question)
    own = [choice for choice in question.choices if choice[1] != "person"]
    person = [choice for choice in question.choices if choice[1] == "person"]
    keys = range(_first_key(question), _LARGEST + 1)
    theirs = [[str(key), value] for key, value in zip(keys, values, strict=False)]
    question.near, question.choices = near, [*own, *theirs, *person]
    talk.offer(*((key, value) for key, value in question.choices))
    gap = ", " if talk.language == "en" else "、"
    shown = [f"{choice['key']} {choice['label']}" for choice in talk.choices[: len(own)]]
    named = gap.join(shown) if len(own) <= _NAMED else f"{own[0][0]}–{own[-1][0]}"
    near_keys = gap.join(key for key, _ in theirs)
    talk.say("near.beside.person" if often else "near.beside", near=near_keys, own=named)


def keys_of(question: Question) -> list[str]:
    """The keys of what is offered, in its order."""
    return [key for key, value in question.choices if value.startswith(OFFERED)]


def end(question: Question) -> None:
    """The question is asked by itself again."""
    if question.near is not None:
        question.near = None
        question.choices = [choice for choice in question.choices if not choice[1].startswith(OFFERED)]


def _first_key(question: Question) -> int:
    return 1 + max((int(key) for key, value in question.choices if not value.startswith(OFFERED)), default=0)
