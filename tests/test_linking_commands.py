"""The desk's commands on a real database: verify, unlink, codes; each refuses kindly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.database import Database
from tests.conftest import house_on
from tests.play import REPORT, Story
from tests.providers.fixtures import telegram, wechat  # noqa: F401 - fixtures
from tests.providers.telegram.server import TelegramServer
from tests.providers.wechat.server import WeChatServer


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str) -> Path:
    """A house where 王女士 reported by web chat, and somebody on Telegram says that the number is theirs."""
    house = house_on(sqlite_url)
    story = Story(house)
    story.play(REPORT)
    story.says("绑定手机 13800138000", who="tg-1", channel="telegram")
    house.database.close()
    return tmp_path


def run(
    home: Path, *arguments: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {
        "FRONTDOOR_HOME": str(home),
        "FRONTDOOR_DATABASE_URL": f"sqlite:///{home / 'frontdoor.db'}",
        "PATH": "/usr/bin:/bin",
        **(settings or {}),
    }
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_verify_unlink_and_codes(home: Path) -> None:
    several = run(home, "customer", "13800138000", "--verify")
    assert several.returncode == 1 and "webchat:王女士, telegram:tg-1" in several.stderr
    assert run(home, "qr", "bind", "13800138000").returncode == 1, "nobody has proved it yet"
    for which in ("webchat:王女士", "telegram:tg-1"):
        done = run(home, "customer", "13800138000", "--verify", "--identity", which, "--json")
        assert done.returncode == 0, done.stderr
    file = json.loads(done.stdout)
    assert file["phone_verified"] and len(file["identities"]) == 2
    assert {"kind", "media"} <= set(file["contacts"][0]) and file["tickets"][0]["media"] == []
    wrong = run(home, "customer", "13800138000", "--unlink", "telegram:nobody")
    assert wrong.returncode == 1 and "没有找到渠道身份" in wrong.stderr
    assert run(home, "customer", "13800138000", "--unlink", "telegram:tg-1").returncode == 0
    file = json.loads(run(home, "customer", "13800138000", "--json").stdout)
    assert [one["channel"] for one in file["identities"]] == ["webchat"]
    picture = home / "code.png"
    made = run(home, "qr", "bind", "13800138000", "--link", "https://x.cn/{token}", "--out", str(picture))
    token = made.stdout.split()[0]
    assert f"https://x.cn/{token}" in made.stdout and picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["product", "--category", "spaceship"], "二维码没有生成"),
        (["product", "--category", "tv", "--purchased", "someday"], "二维码没有生成"),
        (["product", "--category", "tv", "--out", "x.svg"], "no picture"),
        (["product", "--category", "tv", "--out", "x.exe", "--link", "y"], "NAME.svg or NAME.png"),
        (["bind", "12"], "nobody has proved"),
    ],
)
def test_codes_refuse_kindly(tmp_path: Path, sqlite_url: str, arguments: list[str], words: str) -> None:
    Database(sqlite_url).close()
    answer = run(tmp_path, "qr", *arguments)
    assert answer.returncode in (1, 2) and words in answer.stderr and "Traceback" not in answer.stderr


def test_a_code_for_an_appliance(tmp_path: Path, sqlite_url: str) -> None:
    picture = tmp_path / "plate.svg"
    made = run(
        tmp_path,
        "qr",
        "product",
        "--category",
        "tv",
        "--brand",
        "海信",
        "--out",
        str(picture),
        "--link",
        "t/{token}",
    )
    assert made.returncode == 0 and b"<svg" in picture.read_bytes()


def test_a_code_is_told_for_every_channel_that_is_on(
    tmp_path: Path,
    sqlite_url: str,
    telegram: TelegramServer,  # noqa: F811
    wechat: WeChatServer,  # noqa: F811
) -> None:
    Database(sqlite_url).close()
    settings = {**telegram.settings, **wechat.settings}
    on = {f"FRONTDOOR_{name.upper()}": str(value) for name, value in settings.items()}
    made = run(tmp_path, "qr", "product", "--category", "tv", settings=on)
    token, *links = made.stdout.splitlines()
    assert links[0] == f"https://t.me/frontdoor_bot?start={token} telegram", made.stderr
    address, channel = links[1].split()
    assert channel == "wechat" and token in wechat.scenes.values() and address.startswith("http")
    picture = tmp_path / "x.svg"
    wrong = run(
        tmp_path, "qr", "product", "--category", "tv", "--out", str(picture), "--by", "fax", settings=on
    )
    assert wrong.returncode == 1 and "no picture" in wrong.stderr and not picture.exists()
