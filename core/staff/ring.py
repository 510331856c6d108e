"""A push as a telephone call: for those whom no chat reaches, and only where somebody must act now."""

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import place_call
from core.house import House
from core.staff.model import Staff
from core.staff.said import Said


def ring(
    session: Session, house: House, said: Said, person: Staff | None, text: str, tried: tuple[str, ...]
) -> bool:
    """Call them (按1接单 …), once per push; False where the push is no alert or no call can be made."""
    alert = said.wording in house.book.policy("voice_out")["alerts"]
    # Who calls about a danger is connected to them at once: their telephone must be free.
    if said.wording == "push.emergency" and said.ticket is not None and said.ticket.opened_via == "voice":
        return False
    if not alert or person is None or not person.phone or said.ticket is None or "voice" in tried:
        return False
    placed = place_call(
        session,
        house,
        purpose="staff_alert",
        phone=person.phone,
        at=said.at,
        key=f"{said.key}:{person.name}",
        ticket=said.ticket,
        staff=person,
        push=said.key,
        audience=said.audience,
        wording=said.wording,
        text=text,
        tried=list(tried),
    )
    return not isinstance(placed, NoCall)
