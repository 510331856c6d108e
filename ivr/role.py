"""The house's other lines on the phone: put through, and to a person where nobody answers."""

from core.service.role_lines import RoleLine, dialled, role_lines
from ivr.line import Line, Words


def to_role(line: Line, name: str) -> Words | None:
    """Ring the line of a role; without a number of its own the desk on duty is it."""
    found = next((row for row in lines_of(line) if row.role == name), None)
    if found is None or not found.number:
        return Words(line.text("voice.words.role", role=line.label("role_line", name)))
    put_through(line, found)
    return None


def lines_of(line: Line) -> list[RoleLine]:
    return role_lines(line.house.book.policy("role_lines"))


def called(line: Line) -> RoleLine | None:
    """The line whose own number or extension was dialled, where it rings somewhere else."""
    found = dialled(lines_of(line), line.call.ours)
    return found if found and found.number and found.number != line.phone.number else None


def put_through(line: Line, to: RoleLine) -> None:
    """Rings the line; where nobody answers, the wish is filed (``instead``)."""
    label = line.label("role_line", to.role)
    line.say("voice.role", role=label)
    line.go("dial", people=[[label, to.number]], role=to.role)


def instead(line: Line) -> Words:
    """Nobody answered there: the wish is filed and a person takes it."""
    label = line.label("role_line", line.state.data["role"])
    line.say("voice.role.nobody", role=label)
    return Words(line.text("voice.words.role", role=label))
