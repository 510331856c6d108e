"""`frontdoor nlu …`: serve, train, parse, evaluate."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True, help="Understanding of customers' messages (Rasa, or keywords without it)."
)
Host = Annotated[str, typer.Option(help="Address to bind; the loopback is the safe one.")]

Processes = Annotated[
    int, typer.Option(min=1, help="So many behind one port; they share the model's memory.")
]


@app.command()
def serve(port: int = 5005, host: Host = "127.0.0.1", processes: Processes = 1) -> None:
    """Make the environment and the model if needed, then serve POST /model/parse and GET /healthz."""
    from nlu.process import ModelServer

    server = ModelServer(port, os.environ.get("FRONTDOOR_NLU_TOKEN", ""), host, processes=processes).start()
    try:
        raise typer.Exit(server.join() if server.wait() else 1)
    except KeyboardInterrupt:
        server.stop()


@app.command()
def train() -> None:
    """Train the model if anything it is made from has changed; print where it is."""
    from nlu.environment import NluUnavailable, say
    from nlu.training import ensure_model

    try:
        print(ensure_model())
    except NluUnavailable as problem:
        say(f"NLU: {problem.reason}")
        raise typer.Exit(1) from None


@app.command()
def parse() -> None:
    """Read JSON lines {"text": …} from standard input, write one JSON line each to standard output."""
    from nlu.batch import opened, parse_lines

    with opened() as client:
        for answer in parse_lines(sys.stdin.buffer, client):
            sys.stdout.write(
                json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"
            )
        sys.stdout.flush()


@app.command()
def evaluate(
    file: Path,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    wrong: Annotated[bool, typer.Option(help="Also list every wrong sentence.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write one page with everything to this file.")] = None,
) -> None:
    """Measure against sentences with gold labels (JSON lines); a table of every figure beside its goal."""
    from nlu.batch import opened, parse_texts
    from nlu.evaluation import GOALS, figures, mistakes, reached
    from nlu.self_help import with_articles

    gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    with opened() as client:
        found = with_articles(gold, list(parse_texts([sentence["text"] for sentence in gold], client)))
    measured = figures(gold, found)
    if html:
        from nlu.report import page

        html.write_text(page(file.stem, gold, found), encoding="utf-8")
    if as_json:
        print(json.dumps(measured))
    else:
        for name, value in measured.items():
            verdict = (
                f"goal {GOALS[name]:<9} {'yes' if reached(name, value) else 'NO'}" if GOALS[name] else ""
            )
            print(f"{name:<34}{value:>8.4f}   {verdict}".rstrip())
    for line in mistakes(gold, found) if wrong else ():
        print(line)


def main() -> None:
    """For use without the product's own command."""
    app()
