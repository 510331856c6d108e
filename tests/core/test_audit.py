"""The audit of a house that goes on working."""

from sqlalchemy import event

from core.house import House
from core.messaging.audit import audit
from core.messaging.outbox import say


def test_what_is_said_during_an_audit_breaks_no_rule(house: House) -> None:
    """Rows that come between two of its statements belong to another moment."""
    told: list[str] = []

    def speak(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if "GROUP BY outbox.status" in statement and not told:
            told.append(statement)
            with house.database.session() as session:
                say(session, at=house.clock.now(), channel="webchat", account="web", recipient="v", text="x")
                session.commit()

    event.listen(house.database.readers, "after_cursor_execute", speak)
    with house.database.reading() as session:
        report = audit(session, now=house.clock.now())
    assert told and report["violations"] == []
    assert report["outbox"]["queued"] == 0
    with house.database.reading() as session:
        assert audit(session, now=house.clock.now())["outbox"]["queued"] == 1
