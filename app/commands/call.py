"""``frontdoor call``: a telephone in the terminal, a client of a running server's voice webhooks."""

import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from ivr.softphone import Caller

REFUSED = (
    "the signature is refused: call with the FRONTDOOR_HOME (or FRONTDOOR_TWILIO_AUTH_TOKEN) "
    "and FRONTDOOR_PUBLIC_URL of the server"
)
app = typer.Typer(add_completion=False)


@app.command()
def call(
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "+8613800138000",
    called: Annotated[str, typer.Option("--to", help="The number that is called; ours by default.")] = "",
    url: Annotated[str, typer.Option(help="The running server.")] = "http://127.0.0.1:8000",
    answer: Annotated[bool, typer.Option("--answer", help="Wait until the house calls --from.")] = False,
    patience: Annotated[float, typer.Option(help="With --answer: seconds to wait; 0 for ever.")] = 0,
) -> None:
    """Call. With standard input not a terminal: a step a line in (press 1, say …, silence, wait 5, hangup, answer,
    busy), what is heard a line of JSON out.

    --answer holds the telephone of a demonstration until a survey, an appointment or an alert rings it. Then the
    first step busy declines and silence lets it ring; any other picks up.
    """
    from app.call.answering import NoDemonstration, held
    from app.call.dialling import telephone
    from app.call.terminal import Away
    from app.settings import load

    settings, server = load(channels=False), url.rstrip("/")
    try:
        if answer:
            found = held(settings, server, number=caller, patience=patience)
            if found is None:
                _fail("nothing rang")
            _talk(found[0], rings=found[1])
        else:
            _talk(telephone(settings, server, caller=caller, called=called))
    except NoDemonstration:
        _fail("--answer needs a demonstration (make run) without a telephone provider")
    except Away as away:
        _fail(f"{url} does not answer ({away}); start it with 'make run' or 'frontdoor serve'")


def _talk(phone: "Caller", *, rings: str = "") -> None:
    """``rings``: what it is about, of a call that waits to be picked up."""
    from app.call.terminal import converse, pipe
    from ivr.softphone.orders import BadStep

    try:
        if sys.stdin.isatty():
            converse(phone, rings=rings)
        else:
            pipe(phone, sys.stdin, sys.stdout, rings=rings)
    except BadStep as step:
        phone.hangup()
        _fail(str(step), 2)
    except KeyboardInterrupt:
        phone.hangup()
    if phone.ended == "error":
        refused = any(" 403" in error for error in phone.errors)
        _fail("; ".join([*phone.errors, *([REFUSED] if refused else [])]))


def _fail(why: str, code: int = 1) -> NoReturn:
    print(f"frontdoor: {why}", file=sys.stderr)
    raise SystemExit(code)
