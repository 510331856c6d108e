"""Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.server import Server

# A person waits; five seconds, Playwright's own, are over when a neighbour starts a model server.
PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with demonstration data, as `make run` starts it."""
    server = Server(tmp_path_factory.mktemp("home"))
    for command in (("db", "upgrade"), ("demo",)):
        done = server.run(*command)
        assert done.returncode == 0, done.stderr
    yield server.start()
    server.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            raise RuntimeError("CI needs Debian's chromium")
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        browser.close()


@pytest.fixture
def password(demo: Server) -> str:
    return Path(demo.home / "console-login.txt").read_text("utf-8").strip()
