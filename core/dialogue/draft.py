"""An unfinished form is watched: if the customer falls silent, the desk sees what was told (A3)."""

from datetime import timedelta

from core.dialogue.talk import Talk
from core.promise.model import end_promise, promise

DRAFTS = ("repair", "installation", "return", "training")
# These alone tell nothing: they come from the archive or are our own marks.
_OWN = ("name", "phone", "address")


def draft_key(conversation_id: int, intake: int) -> str:
    """The business key of the promise that looks after an unfinished form; ``intake`` numbers a conversation's forms."""
    return f"intake_abandoned:{conversation_id}:{intake}"


def begun(form: str | None, ticket: str | None, slots: dict[str, object]) -> bool:
    """A form of our own that tells something and is not filed yet."""
    if slots.get("_scanned") and not (slots.get("description") or slots.get("_vague_words")):
        return False  # a code tells which device it is, not that anything is wrong
    told = any(not name.startswith("_") and name not in _OWN for name in slots)
    return form in DRAFTS and ticket is None and told


def watch_draft(talk: Talk) -> None:
    """Promise once per form to look after it, and call that off when the form has ended."""
    state = talk.state
    open_now = begun(*state.told())
    watched = state.draft is not None
    if open_now and not watched:
        state.intake += 1
        state.draft = state.intake
        minutes = talk.house.book.policy("intake_timeout_minutes")
        row = {
            "key": draft_key(talk.conversation.id, state.intake),
            "kind": "intake_abandoned",
            "due_at": talk.at + timedelta(minutes=minutes),
            "payload": {"conversation": talk.conversation.id, "intake": state.intake},
        }
        promise(talk.session, row)
    elif watched and not open_now:
        end_promise(
            talk.session,
            draft_key(talk.conversation.id, state.draft or 0),
            at=talk.at,
            why="the form has ended",
        )
        state.draft = None
