"""``frontdoor staff add NAME --role ROLE`` and ``frontdoor staff link NAME``."""

from datetime import UTC, datetime
from typing import Annotated, Any

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
    wecom: Annotated[str | None, typer.Option(help="WeCom userid; empty to clear it.")] = None,
    telegram: Annotated[str | None, typer.Option(help="Telegram user id; empty to clear it.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address; empty to clear it.")] = None,
) -> None:
    """Add a member of staff, or change the role, phone, duty and chats of one; prints name and password."""
    from app.commands.office import fail, opened
    from core.dialogue.facts import phone_number
    from core.staff.accounts import BadAccount, NameTaken, add_staff, change_staff, set_link
    from core.staff.model import ROLES, Staff

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
        session.flush()
        person = session.query(Staff).filter(Staff.name == name.strip()).one()
        try:
            for channel, account in (("wecom", wecom), ("telegram", telegram), ("email", email)):
                if account is not None:
                    set_link(session, person, channel, account)
        except BadAccount as error:
            words = {"account": error.account, "channel": house.book.label("channel", error.channel)}
            fail(house.book.text("error.BadAccount", **words), 2)
        session.commit()
    print(f"{name} {word}")


@app.command()
def link(name: str) -> None:
    """Print a code, good once within 24 hours, which NAME sends to the bot to be pushed there."""
    from app.commands.office import fail, opened
    from app.settings import load
    from core.staff.link import code_for
    from core.staff.refusal import UnknownStaff

    with opened() as house, house.database.session() as session:
        try:
            code = code_for(session, name, at=house.clock.now())
        except UnknownStaff as error:
            fail(house.book.text("error.UnknownStaff", name=error.name))
        session.commit()
    print(code)
    for where in _where(load(), code):
        print(where)


def _where(settings: Any, code: str) -> list[str]:
    """How the code is used, for each chat that is set up."""
    from app.channel_settings import is_on

    ways = []
    if is_on(settings, "wecom"):
        ways.append(f"WeCom: open the app in WeCom and send {code}")
    if is_on(settings, "telegram"):
        bot = _bot_name(settings)
        ways.append(f"Telegram: https://t.me/{bot}?start={code}" if bot else f"Telegram: send /start {code}")
    return ways or ["No chat for staff is set up yet: see docs/channels/"]


def _bot_name(settings: Any) -> str | None:
    """What Telegram calls our bot, when it can be asked; its address holds the token and is told to nobody."""
    import httpx

    url = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token}/getMe"
    try:
        return str(httpx.get(url, timeout=3).json()["result"]["username"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
