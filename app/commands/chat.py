"""``frontdoor chat``: a customer's chat in the terminal, a client of a running server."""

import sys
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def chat(
    name: Annotated[
        str, typer.Option("--as", help="Who is talking; the same name is the same customer.")
    ] = "guest",
    url: Annotated[str, typer.Option(help="The running server.")] = "http://127.0.0.1:8000",
    linger: Annotated[float, typer.Option(min=0, help="Seconds of silence after the input ends.")] = 1.0,
) -> None:
    """Chat. With standard input not a terminal: a message a line in, an answer a line of JSON out."""
    from app.chat.client import ChatClient, ServerAway
    from app.chat.terminal import converse, pipe
    from app.settings import load

    settings = load()
    client = ChatClient(url, name, secret=settings.secret, memory=settings.directory / "chat")
    try:
        if sys.stdin.isatty():
            converse(client)
        else:
            pipe(client, sys.stdin, sys.stdout, linger=linger)
    except ServerAway as away:
        print(f"frontdoor: {away}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        pass
