"""``frontdoor demo``: demonstration data and the log-in to the console."""

import sys

import typer

app = typer.Typer(add_completion=False)

PASSWORD_FILE = "console-login.txt"


@app.command()
def demo() -> None:
    """Add demonstration staff, customers, tickets and a training once; print the log-in every time."""
    from app.commands.office import opened
    from app.demo import log_in, seed
    from app.demo_training import plan_training
    from app.settings import load

    settings = load()
    with opened() as house:
        seed(house)
        password = log_in(house, settings.directory / PASSWORD_FILE)
        plan_training(house)
    print(f"frontdoor: staff log in at /console as  admin  with  {password}", file=sys.stderr)
