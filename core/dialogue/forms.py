"""The forms as data: what each kind of ticket needs to know, in the order it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """One fact. ``optional`` ones may be skipped with 不知道; ``unless`` names a slot that makes it needless.

    ``phone`` is what a telephone call makes of it: asked like elsewhere, ``optional``, or ``left`` out.
    """

    name: str
    optional: bool = False
    unless: str | None = None
    phone: str = "asked"

    def is_optional(self, channel: str) -> bool:
        """Whether the form may be filed without it; the phone leaves more out than a chat."""
        return self.optional or (channel == "voice" and self.phone == "optional")

    def is_left(self, channel: str) -> bool:
        """Whether this channel never asks for it."""
        return channel == "voice" and self.phone == "left"


@dataclass(frozen=True)
class Form:
    """``kind`` is the ticket it files; ``self_help`` offers an article before the personal questions."""

    kind: str
    slots: tuple[Slot, ...]
    self_help: bool = False


# A name is misheard as often as not, letters and digits of a model even more: staff ask when they call.
_WHO = (Slot("name", phone="optional"), Slot("phone"), Slot("address", phone="optional"))

FORMS = {
    "repair": Form(
        kind="repair",
        self_help=True,
        slots=(
            Slot("category"),
            Slot("description"),
            Slot("brand", optional=True),
            Slot("model", optional=True, phone="left"),
            Slot("purchase_date", optional=True),
            # Proof of purchase is asked only when the date is not on file (B3).
            Slot("invoice_no", optional=True, unless="purchase_date", phone="left"),
            *_WHO,
        ),
    ),
    "installation": Form(
        kind="installation",
        slots=(Slot("category"), Slot("brand", optional=True), *_WHO, Slot("visit_time", optional=True)),
    ),
    "return": Form(
        kind="return",
        slots=(
            Slot("category"),
            Slot("description"),
            Slot("brand", optional=True),
            Slot("purchase_date", optional=True),
            Slot("invoice_no", optional=True, phone="left"),
            *_WHO,
        ),
    ),
    "complaint": Form(
        kind="complaint", slots=(Slot("description"), Slot("name", phone="optional"), Slot("phone"))
    ),
    "training": Form(kind="training", slots=(Slot("name", phone="optional"), Slot("phone"))),
    # A seat in one session (core/training/); nothing is filed.
    "enrolment": Form(
        kind="training",
        slots=(
            Slot("name", phone="optional"),
            Slot("phone"),
            Slot("organisation", optional=True, phone="left"),
        ),
    ),
    # What an urgent or handed-over ticket still needs, so that a person can come or call.
    "reach": Form(kind="repair", slots=(Slot("phone"), Slot("address"))),
    "callback": Form(kind="consultation", slots=(Slot("phone"),)),
}
