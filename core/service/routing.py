"""Which department answers a complaint (D1)."""

from typing import Any


def route_complaint(text: str, routes: dict[str, Any]) -> tuple[str, str]:
    """(kind of complaint, department): the route with the most cues in the text; service attitude by default."""
    scores = {kind: sum(cue in text for cue in route["cues"]) for kind, route in routes.items()}
    best = max(scores, key=lambda kind: scores[kind])
    kind = best if scores[best] else "attitude"
    return kind, routes[kind]["department"]
