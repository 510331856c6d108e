"""The chat in a terminal: for people with colours, for scripts as lines of JSON."""

import json
import sys
import threading
import time
from typing import Any, TextIO

from app.chat.client import ChatClient, ServerAway

ANSWER_PATIENCE = 60.0  # seconds a script waits for a message to be dealt with
SILENCE = 3.0  # seconds to wait for words about a message that has been dealt with


def pipe(client: ChatClient, lines: TextIO, out: TextIO, *, linger: float) -> None:
    """One message a line; each is answered before the next is sent, so that a transcript reads as written."""
    _write(out, client.fetch(0))
    for line in lines:
        text = line.rstrip("\r\n")
        received = client.send(text)
        _await_answer(client, received, out)
    quiet_until = time.monotonic() + linger
    while (left := quiet_until - time.monotonic()) > 0:
        answers = client.fetch(left)
        _write(out, answers)
        if answers:
            quiet_until = time.monotonic() + linger


def _await_answer(client: ChatClient, received: int, out: TextIO) -> None:
    """Until the answer to this message is here, or it was dealt with and nothing came of it."""
    deadline = time.monotonic() + ANSWER_PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        answers = client.fetch(min(5.0, left))
        _write(out, answers)
        if any(answer.get("reply_to") == received for answer in answers):
            return
        if client.processed >= received:
            deadline = min(deadline, time.monotonic() + SILENCE)


def _write(out: TextIO, answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        choices = [f"{choice['key']} {choice['label']}" for choice in answer["choices"]]
        out.write(json.dumps({"text": answer["text"], "choices": choices}, ensure_ascii=False) + "\n")
    out.flush()


def converse(client: ChatClient) -> None:
    """Talk until Ctrl-D; what comes by itself is shown when it comes."""
    from rich.console import Console
    from rich.panel import Panel

    console = Console()
    model = client.language_model()
    if model["source"] != "rasa":
        console.print(f"[yellow]{model['reason']}[/yellow]")
    console.print(f"[dim]{client.name} · Ctrl-D 结束 · Ctrl-D ends[/dim]")

    def show(answers: list[dict[str, Any]]) -> None:
        for answer in answers:
            console.print(
                Panel(answer["text"], title=answer["at"][5:16].replace("T", " "), title_align="left")
            )
            if answer["choices"]:
                console.print("   ".join(f"[bold cyan]{c['key']}[/] {c['label']}" for c in answer["choices"]))

    def listen() -> None:
        while True:
            try:
                show(client.fetch(20))
            except ServerAway as away:
                console.print(f"[red]{away}[/red]")

    threading.Thread(target=listen, daemon=True).start()
    for line in sys.stdin:
        if line.strip():
            client.send(line.rstrip("\n"))
