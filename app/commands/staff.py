"""``frontdoor staff add NAME --role ROLE``."""

from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Staff accounts."""


@app.command()
def add(
    name: str,
    role: Annotated[
        str, typer.Option(help="viewer agent dispatcher technician trainer manager admin auditor")
    ],
    phone: Annotated[str | None, typer.Option(help="+86…")] = None,
    on_duty: Annotated[bool, typer.Option("--on-duty", help="Is pushed when something burns.")] = False,
    password: Annotated[str | None, typer.Option(help="Made up and printed when left out.")] = None,
) -> None:
    """Add a member of staff, or change the role, phone and duty of one; prints name and password."""
    from app.commands.office import fail, opened
    from core.dialogue.facts import phone_number
    from core.staff.accounts import NameTaken, add_staff, change_staff
    from core.staff.model import ROLES

    if role not in ROLES:
        fail(f"no such role: {role} ({' '.join(ROLES)})", 2)
    number = phone_number(phone) if phone else None
    if phone and number is None:
        fail(f"not a phone number: {phone}", 2)
    with opened() as house, house.database.session() as session:
        facts = {"name": name, "role": role, "password": password, "phone": number, "on_duty": on_duty}
        try:
            word = add_staff(session, **facts, at=datetime.now(UTC))
        except NameTaken:
            word = change_staff(session, **facts)
        session.commit()
    print(f"{name} {word}")
