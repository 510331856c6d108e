"""``frontdoor call``: a telephone in the terminal, a client of a running server's voice webhooks."""

import sys
from typing import Annotated

import typer

REFUSED = (
    "frontdoor: the signature is refused: call with the FRONTDOOR_HOME (or FRONTDOOR_TWILIO_AUTH_TOKEN) "
    "and FRONTDOOR_PUBLIC_URL of the server"
)
app = typer.Typer(add_completion=False)


@app.command()
def call(
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "+8613800138000",
    called: Annotated[str, typer.Option("--to", help="The number that is called; ours by default.")] = "",
    url: Annotated[str, typer.Option(help="The running server.")] = "http://127.0.0.1:8000",
) -> None:
    """Call. With standard input not a terminal: a step a line in (press 1, say …, silence, wait 5, hangup, answer,
    busy), what is heard a line of JSON out.
    """
    from app.call.dialling import telephone
    from app.call.terminal import Away, converse, pipe
    from app.settings import load
    from ivr.softphone.orders import BadStep

    phone = telephone(load(channels=False), url.rstrip("/"), caller=caller, called=called)
    try:
        if sys.stdin.isatty():
            converse(phone)
        else:
            pipe(phone, sys.stdin, sys.stdout)
    except Away as away:
        print(
            f"frontdoor: {url} does not answer ({away}); start it with 'make run' or 'frontdoor serve'",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
    except BadStep as step:
        print(f"frontdoor: {step}", file=sys.stderr)
        phone.hangup()
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        phone.hangup()
    if phone.ended == "error":
        print(f"frontdoor: {'; '.join(phone.errors)}", file=sys.stderr)
        if any(" 403" in error for error in phone.errors):
            print(REFUSED, file=sys.stderr)
        raise SystemExit(1)
