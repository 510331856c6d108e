"""The command ``frontdoor``: one line per command, each in a module of its own that is loaded when it is needed."""

import importlib
import sys

# command → (module, what it does); the module's ``app`` is a Typer application
COMMANDS = {
    "serve": ("app.commands.serve", "run the web server with clock and workers"),
    "scheduler": ("app.commands.scheduler", "run clock and workers, beside 'serve --no-scheduler'"),
    "chat": ("app.commands.chat", "talk as a customer, in the terminal"),
    "call": ("app.commands.call", "call as a customer, in the terminal"),
    "nlu": ("app.commands.nlu", "the language model: serve, train, parse, evaluate, export"),
    "db": ("app.commands.db", "bring schema and reference data up to date"),
    "import": ("app.commands.imports", "bring in outlets, hotlines, articles or sales from a file"),
    "tickets": ("app.commands.tickets", "list tickets"),
    "promises": ("app.commands.promises", "list what falls due, and why it was put off"),
    "ticket": ("app.commands.ticket", "do something to a ticket: accept, dispatch, done, quote, sign …"),
    "customer": ("app.commands.customer", "a customer's file"),
    "channels": ("app.commands.channels", "check the channels: what works, and what to do where it does not"),
    "qr": ("app.commands.qr", "codes to scan: for an appliance, or to link a customer's chat"),
    "staff": ("app.commands.staff", "staff accounts"),
    "wechat": ("app.commands.wechat", "the WeChat account: push its menu"),
    "audit": ("app.commands.audit", "check that nothing was lost or doubled"),
    "demo": ("app.commands.demo", "add demonstration customers and tickets"),
}


def main() -> None:
    """Dispatch to a command; settings that are wrong are told all at once, without a traceback."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in ("--help", "-h", "help"):
        _help()
        return
    if name not in COMMANDS:
        print(f"frontdoor: no such command: {name}", file=sys.stderr)
        _help(sys.stderr)
        raise SystemExit(2)
    from app.settings import BadSettings, read_files

    module = importlib.import_module(COMMANDS[name][0])
    sys.argv = [f"frontdoor {name}", *sys.argv[2:]]
    try:
        read_files()
        module.app(prog_name=f"frontdoor {name}")
    except BadSettings as problem:
        print(f"frontdoor: settings are wrong:\n{problem}", file=sys.stderr)
        raise SystemExit(2) from None


def _help(stream=None) -> None:  # type: ignore[no-untyped-def]
    print("usage: frontdoor COMMAND …\n", file=stream)
    for name, (_, what) in COMMANDS.items():
        print(f"  {name:10} {what}", file=stream)
    print("\n'frontdoor COMMAND --help' tells more.", file=stream)


if __name__ == "__main__":
    main()
