"""``frontdoor wechat``: what is set up at WeChat from here."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.callback()
def wechat() -> None:
    """The WeChat official account."""


@app.command()
def menu(
    show: Annotated[bool, typer.Option("--show", help="Only show the menu that is there now.")] = False,
    language: Annotated[str, typer.Option(help="zh or en: the words on the buttons.")] = "zh",
) -> None:
    """Push the custom menu (policy wechat_menu, wording wechat.menu.…) and show it."""
    from app.channel_settings import is_on
    from app.channels.wechat import channel_of
    from app.commands.office import fail, opened
    from app.settings import load
    from bot.wechat.menu import BadMenu, current, drawn, push, wanted
    from core.messaging.channel import Later, Never

    settings = load()
    if not is_on(settings, "wechat"):
        fail("WeChat is not set up: FRONTDOOR_WECHAT_APP_ID, … (docs/channels/wechat.md)", 2)
    with opened() as house:
        api = channel_of(settings, house).api
        try:
            if not show:
                push(api, wanted(house.book, language))
            there = current(api)
        except BadMenu as bad:
            fail(house.book.text("error.BadMenu", why=bad.why))
        except (Later, Never) as refused:
            fail(f"WeChat says: {refused}")
        else:
            print(drawn(there) if there else "no menu")
