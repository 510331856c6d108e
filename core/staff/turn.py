"""A message from a member of staff: an order about a ticket, by words or by a button."""

from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import Lease


def is_for_staff(house: House, message: InboxMessage) -> bool:
    """Whether a message is an order of staff and not a customer's."""
    return message.channel == "wecom"


def take_staff_turn(house: House, message: InboxMessage, lease: Lease) -> bool:
    """Carry out the order and answer; False when the lease was lost."""
    raise NotImplementedError
