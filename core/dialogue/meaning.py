"""What one message means: the only thing the dialogue learns from the NLU layer."""

from dataclasses import dataclass, field

INTENTS = [
    "report_fault",
    "ask_howto",
    "ask_ticket_status",
    "reschedule_visit",
    "cancel_ticket",
    "request_install",
    "ask_warranty_or_fee",
    "ask_contact",
    "file_complaint",
    "give_suggestion",
    "rate_service",
    "book_training",
    "ask_training_question",
    "talk_to_human",
    "affirm",
    "deny",
    "greet",
    "goodbye",
    "thanks",
    "provide_info",
    "emergency",
    "out_of_scope",
]

ENTITY_TYPES = [
    "brand",
    "product",
    "model",
    "phone",
    "address",
    "person",
    "purchase_date",
    "visit_time",
    "error_code",
    "ticket_no",
    "invoice_no",
    "part",
    "score",
]

SYMPTOMS = [
    "no_power",
    "no_display",
    "no_sound",
    "no_cooling",
    "no_heating",
    "water_leak",
    "noise",
    "smell",
    "remote_unresponsive",
    "no_signal_or_network",
    "error_code",
    "weak_airflow",
    "wont_start_cycle",
    "trips_breaker",
    "screen_damage",
    "image_abnormal",
    "overheating",
    "slow_or_freeze",
    "consumable_or_filter",
    "setting_or_mode",
    "door_or_mechanical",
    "water_flow",
    "electric_shock",
    "fire_smoke",
    "gas_smell",
    "other",
]


@dataclass(frozen=True)
class Entity:
    """A piece of the text as written; ``start`` and ``end`` are character offsets into the original."""

    type: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Meaning:
    """One message understood. ``source`` tells who understood it: ``rasa``, ``keywords`` or ``rules``."""

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...] = field(default=())
    symptom: str | None = None
    non_quality: bool | None = None
    source: str = "rasa"
    nearly: tuple[str, ...] = ()  # symptoms that are nearly as likely as ``symptom``
    # The whole text as numbers, by which answers of like meaning are found; empty where no encoder heard it.
    sense: bytes = field(default=b"", repr=False)

    def first(self, entity_type: str) -> str | None:
        """The first entity of a type, as written, or None."""
        return next((e.value for e in self.entities if e.type == entity_type), None)
