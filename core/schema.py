"""Every table, imported in one place so that ``Base.metadata`` is whole."""

from core import clock
from core.asked import model as asked
from core.call import model as call
from core.care import model as care
from core.customer import model as customer
from core.customer import proof, scene
from core.database import Base
from core.escalation import model as escalation
from core.groups import model as groups
from core.knowledge import model as knowledge
from core.media import album
from core.media import model as media
from core.messaging import allowance, credential, inbox, outbox
from core.nlu_review import model as nlu_review
from core.programme import model as programme
from core.promise import clock as sla_clock
from core.promise import model as promise
from core.quality import model as quality
from core.roster import model as roster
from core.rounds import model as rounds
from core.service import model as service
from core.staff import model as staff
from core.ticket import model as ticket
from core.training import model as training

metadata = Base.metadata

__all__ = [
    "album",
    "allowance",
    "asked",
    "call",
    "care",
    "clock",
    "credential",
    "customer",
    "escalation",
    "groups",
    "inbox",
    "knowledge",
    "media",
    "metadata",
    "nlu_review",
    "outbox",
    "programme",
    "promise",
    "proof",
    "quality",
    "roster",
    "rounds",
    "scene",
    "service",
    "sla_clock",
    "staff",
    "ticket",
    "training",
]
