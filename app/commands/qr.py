"""``frontdoor qr product`` and ``frontdoor qr bind``: codes for people to scan."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.house import House

app = typer.Typer(add_completion=False, no_args_is_help=True)

Out = Annotated[Path | None, typer.Option("--out", help="Write the picture here: NAME.svg or NAME.png.")]
Link = Annotated[
    str | None,
    typer.Option("--link", help="What the picture says, with {token}; by default the link of --by."),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by", help="Whose link the picture says: telegram, wechat, webchat; by default the first shown."
    ),
]


@app.callback()
def _group() -> None:
    """Codes that are scanned, and links that are opened."""


@app.command()
def product(
    category: Annotated[str, typer.Option(help="air_conditioner, refrigerator, tv …")],
    brand: str = "",
    model: str = "",
    serial: Annotated[str, typer.Option(help="Of one machine; leave it out for a whole model.")] = "",
    purchased: Annotated[str, typer.Option(help="2025-05-01, 2025-05 or 2025.")] = "",
    out: Out = None,
    link: Link = None,
    by: By = None,
) -> None:
    """A code for an appliance: who scans it need not say which one it is."""
    from app.commands.office import fail, opened
    from core.customer.codes import BadCode, Product, make_product_code

    with opened() as house, house.database.session() as session:
        at = house.clock.now()
        facts = Product(category, brand, model, serial, purchased)
        try:
            token = make_product_code(session, facts, at=at, today=house.local(at).date(), by="staff")
        except BadCode as error:
            fail(house.book.text("error.BadCode", why=error.why), 2)
            return
        session.commit()
        links = _links(house, token, link)
    _show(token, links, out, by)


@app.command()
def bind(phone: str, out: Out = None, link: Link = None, by: By = None) -> None:
    """A code, good once and for a day, that links the chat of whoever scans it to the customer PHONE."""
    from app.commands.office import fail, opened
    from core.customer.codes import make_linking_code
    from core.customer.linking import owner_of
    from core.dialogue.facts import phone_number

    number = phone_number(phone)
    with opened() as house, house.database.session() as session:
        customer = owner_of(session, number) if number else None
        if customer is None:
            fail(f"nobody has proved the phone number {phone}; see frontdoor customer PHONE --verify")
            return
        token = make_linking_code(session, customer, at=house.clock.now(), by="staff")
        session.commit()
        links = _links(house, token, link)
    _show(token, links, out, by)


def _links(house: "House", token: str, link: str | None) -> dict[str, str]:
    """channel → where the code leads, for every channel that is on and answers."""
    from app.channel_settings import is_on
    from app.scan_links import ScanLinks
    from app.settings import load

    if link:
        return {"link": link.replace("{token}", token)}
    settings, wechat = load(), None
    if is_on(settings, "wechat"):
        from app.channels.wechat import channel_of

        wechat = channel_of(settings, house).scene_link
    return ScanLinks(settings, wechat).of(token)


def _show(token: str, links: dict[str, str], out: Path | None, by: str | None) -> None:
    """The token, then a link a line with its channel behind it."""
    from app.commands.office import fail
    from core.customer.picture import picture

    print(token)
    for channel, link in links.items():
        print(link if channel == "link" else f"{link} {channel}")
    if out is None:
        return
    said = links.get(by) if by else next(iter(links.values()), None)
    if said is None:
        fail("no picture: that channel is off or does not answer; say with --link what it shall say", 1)
        return
    if out.suffix not in (".svg", ".png"):
        fail("--out: NAME.svg or NAME.png", 2)
    out.write_bytes(picture(said, out.suffix[1:]))
    print(out)
