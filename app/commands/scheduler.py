"""``frontdoor scheduler``: clock and workers, beside `serve --no-scheduler`."""

import signal
import sys
import threading

import typer

app = typer.Typer(add_completion=False)


@app.command()
def scheduler() -> None:
    """Keep promises and work off messages. Several may run: all work, one at a time is the clock."""
    from app.commands.office import opened
    from app.settings import load
    from app.wiring import build
    from scheduler.clock import ClockWork

    stopping = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopping.set())
    with opened():
        front = build(load())
        clock = ClockWork(front.house, after=front.outbox_bell, heartbeat=front.settings.heartbeat_url)
        front.start()
        clock.start()
        print("frontdoor: clock and workers are running", file=sys.stderr, flush=True)
        stopping.wait()
        clock.stop()
        front.stop()
