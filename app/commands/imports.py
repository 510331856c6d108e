"""``frontdoor import outlets|hotlines|articles|sales FILE``."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

app = typer.Typer(add_completion=False)


class What(StrEnum):
    outlets = "outlets"
    hotlines = "hotlines"
    articles = "articles"
    sales = "sales"


@app.command()
def import_(what: What, file: Path) -> None:
    """Bring in a file (CSV for outlets and hotlines, YAML for articles, Excel or CSV for sales).

    Outlets, hotlines and articles with the same key are replaced. A list of sales has the columns phone 电话,
    category 品类, sold_on 销售日期 or delivered_on 送货日期, and name, brand, model, serial, invoice_no where known.
    """
    from app.commands.office import fail, opened
    from core.knowledge.files import BadReference
    from core.knowledge.reference import import_file

    if not file.is_file():
        fail(f"no such file: {file}", 2)
    with opened() as house:
        if what is What.sales:
            _sales(house, file)
            return
        with house.database.session() as session:
            try:
                count = import_file(session, what.value, file)
            except BadReference as problem:
                fail(str(problem))
                return
            session.commit()
    print(f"{count} {what.value}")


def _sales(house: Any, file: Path) -> None:
    """Rows that are wrong are told and left out; exit 1 when there were any."""
    from app.commands.office import fail
    from core.programme.sales_list import import_sales
    from core.staff.refusal import Refused, in_words

    with house.database.session() as session:
        try:
            done = import_sales(
                session, house, name=file.name, content=file.read_bytes(), at=house.clock.now()
            )
        except Refused as refused:
            fail(in_words(house.book, refused, "zh"))
            return
        session.commit()
    print(f"{done.registered} sales")
    if done.refused:
        fail("\n".join(f"{file.name}:{row} {why}" for row, why in done.refused))
