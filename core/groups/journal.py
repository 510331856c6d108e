"""What staff changed about a group, for the console's history of changes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.knowledge.revisions import keep


def write_down(session: Session, group: QaGroup, *, by: str, before: dict[str, Any], at: datetime) -> None:
    """``before`` holds what was changed, as it was."""
    facts = {"state": group.state, "ends_on": group.ends_on.isoformat(), "listen": group.listen}
    subject = f"qa_group:{group.training.code}:{group.channel}"
    group.changed_at = at
    keep(session, subject, facts, by=by, before=facts | before)
