"""``frontdoor audit``: the conservation check."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def audit(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Count everything received, sent and promised; exit 1 when something is unaccounted for."""
    from app.commands.office import opened, print_json
    from core.messaging.audit import audit as check

    with opened() as house, house.database.reading() as session:
        report = check(session, now=house.clock.now())
    if as_json:
        print_json(report)
    else:
        for name in ("inbox", "outbox", "promises"):
            print(name, " ".join(f"{key}={value}" for key, value in report[name].items()))
        for violation in report["violations"]:
            print("!", violation)
        print("ok" if report["ok"] else "NOT OK")
    raise SystemExit(0 if report["ok"] else 1)
