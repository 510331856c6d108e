"""``frontdoor scheduler``: the clock alone."""

import signal
import sys
import threading

import typer

app = typer.Typer(add_completion=False)


@app.command()
def scheduler() -> None:
    """Keep promises. Several may run; one at a time is the clock, the others take over when it dies."""
    from app.commands.office import opened
    from scheduler.clock import ClockWork

    stopping = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopping.set())
    with opened() as house:
        clock = ClockWork(house)
        clock.start()
        print("frontdoor: the clock is running", file=sys.stderr, flush=True)
        stopping.wait()
        clock.stop()
