"""A step's picture in web chat: its place is known before it comes, and a browser fetches it once."""

import httpx
import pytest

from tests.channels.desk import Desk, running
from tests.pictured import pictured

VISITOR = "visitor-0001"


def heard(desk: Desk) -> dict[str, object]:
    messages = desk.client.get("/webchat/messages", params={"visitor": VISITOR}).json()["messages"]
    return messages[-1]  # type: ignore[no-any-return]


def test_shown_and_kept(database_url: str) -> None:
    with running(database_url) as desk:
        shown = pictured(desk.front.house, 1)
        desk.post(VISITOR, "m1", "我家美的空调不制冷了")
        desk.quiet()
        message = heard(desk)
        assert message["picture"] == {"url": f"/webchat/pictures/{shown}", "width": 320, "height": 240}
        answer = desk.client.get(f"/webchat/pictures/{shown}")
        assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
        assert "immutable" in answer.headers["cache-control"]
        desk.post(VISITOR, "m2", "2")
        desk.quiet()
        assert heard(desk)["picture"] is None


@pytest.mark.parametrize(
    ("name", "status"), [("0" * 64, 404), ("..%2Fkey", 404), ("A" * 64, 422), ("x", 422)]
)
def test_what_is_no_picture(sqlite_url: str, name: str, status: int) -> None:
    with running(sqlite_url) as desk:
        answer: httpx.Response = desk.client.get(f"/webchat/pictures/{name}")
        assert answer.status_code == status
