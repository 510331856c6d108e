"""The menu as a picture: one box a node, one line a choice, an arrow to where it leads. Plain SVG, by hand."""

from collections.abc import Callable
from html import escape

from ivr.menu import Menu, Node
from ivr.rules import FAULTS, depths_of

WIDTH, LINE, HEAD, GAP, COLUMN = 250, 20, 30, 22, 340
Title = Callable[[str], str]


def draw(menu: Menu, *, title: str) -> str:
    """An SVG document; columns are how many keys lead to a node."""
    places = _places(menu)
    boxes = "".join(_box(menu.nodes[name], x, y) for name, (x, y) in places.items())
    arrows = "".join(_arrows(menu.nodes[name], places) for name in places)
    width = max(x for x, _ in places.values()) + WIDTH + 40
    height = max(y + _height(menu.nodes[name]) for name, (_, y) in places.items()) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="13">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b7083"/></marker></defs>'
        f"{arrows}{boxes}</svg>\n"
    )


def _height(node: Node) -> int:
    return HEAD + LINE * len(node.choices) + 8


def _places(menu: Menu) -> dict[str, tuple[int, int]]:
    """Left upper corners: nodes of one depth below each other, the faults of the devices last."""
    depths = depths_of(menu)
    columns: dict[int, int] = {}
    places = {}
    for name, node in menu.nodes.items():
        column = 3 if name.startswith(FAULTS) else _column(name, depths)
        y = columns.get(column, 20)
        places[name] = (20 + COLUMN * column, y)
        columns[column] = y + _height(node) + GAP
    return places


def _column(name: str, depths: dict[str, int]) -> int:
    return 0 if name == "main" else min(2, max(1, depths.get(name, 1)))


def _box(node: Node, x: int, y: int) -> str:
    lines = "".join(
        f'<text x="{x + 10}" y="{y + HEAD + LINE * place + 14}"><tspan font-weight="600">{escape(c.key)}</tspan> '
        f'{escape(c.label)}<tspan fill="#5b7083"> {escape(_consequence(c.then.kind, c.then.value))}</tspan></text>'
        for place, c in enumerate(node.choices)
    )
    return (
        f'<g><rect x="{x}" y="{y}" width="{WIDTH}" height="{_height(node)}" rx="6" fill="#fff" stroke="#9fb1c1"/>'
        f'<text x="{x + 10}" y="{y + 20}" font-weight="700" fill="#123">{escape(node.name)}</text>{lines}</g>'
    )


def _consequence(kind: str, value: str) -> str:
    return {"say": f"“{value[:9]}”", "do": f"● {value[:18]}"}.get(kind, "→")


def _arrows(node: Node, places: dict[str, tuple[int, int]]) -> str:
    x, y = places[node.name]
    found = []
    for place, choice in enumerate(node.choices):
        target = choice.then.value if choice.then.kind == "menu" else None
        if target in places:
            to_x, to_y = places[target]
            begin_x, begin_y, end_y = x + WIDTH, y + HEAD + LINE * place + 10, to_y + 15
            if to_x <= x:  # back to the left: around the outside
                begin_x, to_x = x, to_x + WIDTH
            middle = (begin_x + to_x) // 2
            found.append(
                f'<path d="M{begin_x} {begin_y}C{middle} {begin_y} {middle} {end_y} {to_x} {end_y}" fill="none" '
                'stroke="#5b7083" marker-end="url(#tip)"/>'
            )
    return "".join(found)
