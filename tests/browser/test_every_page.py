"""Every page that the console links to answers, and fits a telephone in both languages."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.test_play import log_in
from tests.server import Server

pytestmark = pytest.mark.browser
OF_A_KIND = 2  # tickets, customers and the like differ in their data only
_LEFT_OUT = re.compile(r"/(?:logout|language)\b|\.(?:pdf|xlsx|svg|csv)")
_WIDER = "document.documentElement.scrollWidth - window.innerWidth"
_LINKS = "links => links.map(link => link.getAttribute('href').split('#')[0])"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_answers_and_fits_a_telephone(
    page: Page, demo: Server, password: str, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, demo, password)
    page.goto(f"{demo.url}/console/language/{language}")
    todo, kinds, wrong, seen = ["/console"], {"/console": 1}, [], 0
    while todo:
        path = todo.pop()
        answer = page.goto(demo.url + path)
        assert answer is not None
        if answer.status != 200 or page.evaluate(_WIDER) > 0:
            wrong.append((path, answer.status, page.evaluate(_WIDER)))
        seen += 1
        for link in page.eval_on_selector_all("a[href^='/console']", _LINKS):
            kind = re.sub(r"\d+", "N", link.split("?")[0])
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= OF_A_KIND and not _LEFT_OUT.search(link) and link not in todo:
                todo.append(link)
    assert not wrong and seen > 40
