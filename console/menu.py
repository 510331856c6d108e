"""The menu of one person: only what they may open."""

from dataclasses import dataclass

from starlette.requests import Request

from console.page import may


@dataclass(frozen=True)
class Entry:
    """``page`` as the table of roles names it, ``path`` below /console."""

    page: str
    path: str
    icon: str


GROUPS = {
    "work": (
        Entry("dashboard", "/", "fa-solid fa-gauge-high"),
        Entry("tickets", "/tickets", "fa-solid fa-clipboard-list"),
        Entry("calls", "/calls", "fa-solid fa-phone-volume"),
        Entry("asked", "/asked", "fa-solid fa-comments"),
        Entry("incidents", "/incidents", "fa-solid fa-bolt"),
    ),
    "deadlines": (
        Entry("sla", "/sla", "fa-solid fa-hourglass-half"),
        Entry("escalation", "/escalation", "fa-solid fa-stairs"),
        Entry("promises", "/promises", "fa-solid fa-clock"),
        Entry("roster", "/roster", "fa-solid fa-calendar-days"),
        Entry("pushes", "/pushes", "fa-solid fa-bell"),
        Entry("dead_letters", "/dead-letters", "fa-solid fa-envelope-circle-check"),
    ),
    "follow_up": (
        Entry("plans", "/plans", "fa-solid fa-repeat"),
        Entry("satisfaction", "/satisfaction", "fa-solid fa-face-smile"),
    ),
    "training": (
        Entry("trainings", "/trainings", "fa-solid fa-chalkboard-user"),
        Entry("groups", "/groups", "fa-solid fa-people-group"),
        Entry("rounds", "/rounds", "fa-solid fa-route"),
    ),
    "reference": (
        Entry("articles", "/articles/list", "fa-solid fa-book-open"),
        Entry("questions", "/questions/list", "fa-solid fa-circle-question"),
        Entry("ask", "/ask", "fa-solid fa-magnifying-glass"),
        Entry("outlets", "/outlets/list", "fa-solid fa-location-dot"),
        Entry("hotlines", "/hotlines/list", "fa-solid fa-phone"),
        Entry("wording", "/wording/list", "fa-solid fa-comment-dots"),
        Entry("policies", "/policies/list", "fa-solid fa-sliders"),
        Entry("voice_menu", "/voice-menu", "fa-solid fa-diagram-project"),
        Entry("codes", "/codes", "fa-solid fa-qrcode"),
        Entry("reviews", "/reviews", "fa-solid fa-tags"),
        Entry("history", "/history", "fa-solid fa-clock-rotate-left"),
    ),
    "people": (
        Entry("staff", "/staff", "fa-solid fa-user-group"),
        Entry("reveals", "/reveals", "fa-solid fa-eye"),
    ),
}


def menu(request: Request) -> dict[str, list[Entry]]:
    """Group → entries, without what the table of roles does not allow."""
    pages = may(request).pages
    allowed = {
        group: [entry for entry in entries if entry.page in pages] for group, entries in GROUPS.items()
    }
    return {group: entries for group, entries in allowed.items() if entries}


def here(request: Request, entry: Entry) -> bool:
    """Whether the request is on this entry's page or below it."""
    path = request.url.path.removeprefix("/console").rstrip("/") or "/"
    top = entry.path.removesuffix("/list")
    return path == top or (top != "/" and path.startswith(top + "/"))
