"""What ``frontdoor channels check`` asks of WeChat: is everything set up, and if not, what is to be done."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import requests

from core.messaging.finding import Finding

TIMEOUT = (3.05, 8.0)
SKEW = 60.0  # seconds; at 300 our own check of freshness refuses WeChat's calls
ADDRESS = re.compile(r"invalid ip ([0-9a-fA-F.:]+)")
# errcode of the token call → finding
REFUSALS = {
    40164: "check.wechat.ip",
    40013: "check.wechat.app_id",
    40125: "check.wechat.secret",
    40001: "check.wechat.secret",
    40243: "check.wechat.secret_frozen",
    45009: "check.wechat.quota",
    45011: "check.wechat.quota",
    50004: "check.wechat.suspended",
    50007: "check.wechat.suspended",
}


def check(settings: Any) -> list[Finding]:
    """Asks the provider, changes nothing, needs no database. ``settings`` are those of the app."""
    return list(_findings(settings))


def _findings(settings: Any) -> Iterator[Finding]:
    yield _mode(settings)
    yield _address(settings)
    base = str(settings.wechat_api_url).rstrip("/")
    body = {
        "grant_type": "client_credential",
        "appid": settings.wechat_app_id,
        "secret": settings.wechat_app_secret,
    }
    answer = _asked("POST", f"{base}/cgi-bin/stable_token", json=body)
    if answer is None:
        yield Finding(False, "check.wechat.unreachable", {"host": base})
        return
    yield _clock(answer)
    told = _json(answer)
    token = told.get("access_token")
    if not token:
        yield refusal(told)
        return
    yield Finding(True, "check.wechat.token", {"minutes": int(told.get("expires_in", 0)) // 60})
    yield _callback_addresses(base, token)
    yield _menu(base, token)


def refusal(told: dict[str, Any]) -> Finding:
    """What an errcode of the token call means, and what to do about it."""
    code, text = told.get("errcode", -1), str(told.get("errmsg", ""))[:160]
    address = ADDRESS.search(text)
    values = {"code": code, "told": text, "ip": address[1] if address else "?"}
    return Finding(False, REFUSALS.get(code, "check.wechat.refused"), values)


def _mode(settings: Any) -> Finding:
    """Plain callbacks are for test accounts."""
    return (
        Finding(None, "check.wechat.plain")
        if not settings.wechat_aes_key
        else Finding(True, "check.wechat.safe")
    )


def _address(settings: Any) -> Finding:
    """What is to be pasted into the console; WeChat calls ports 80 and 443 only."""
    url = str(settings.public_url).rstrip("/")
    if not url:
        return Finding(False, "check.wechat.no_public_url")
    if re.search(r":(?!80$|443$)\d+$", url):
        return Finding(False, "check.wechat.port", {"url": url})
    return Finding(None, "check.wechat.address", {"url": f"{url}/webhooks/wechat"})


def _clock(answer: requests.Response) -> Finding:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        return Finding(None, "check.wechat.no_clock")
    skew = round(time() - theirs)
    return Finding(abs(skew) <= SKEW, "check.wechat.clock", {"seconds": skew})


def _callback_addresses(base: str, token: str) -> Finding:
    """For firewalls; an empty list would be news."""
    told = _json(_asked("GET", f"{base}/cgi-bin/getcallbackip", params={"access_token": token}))
    found = told.get("ip_list")
    if not isinstance(found, list):
        return refusal(told)
    return Finding(
        None, "check.wechat.callback_ips", {"count": len(found), "some": ", ".join(map(str, found[:5]))}
    )


def _menu(base: str, token: str) -> Finding:
    told = _json(_asked("GET", f"{base}/cgi-bin/menu/get", params={"access_token": token}))
    if told.get("errcode") == 46003:
        return Finding(None, "check.wechat.no_menu")
    if told.get("errcode"):
        return Finding(
            None, "check.wechat.menu_refused", {"code": told["errcode"], "told": told.get("errmsg")}
        )
    buttons = told.get("menu", {}).get("button", [])
    return Finding(True, "check.wechat.menu", {"names": " · ".join(str(b.get("name")) for b in buttons)})


def _asked(verb: str, url: str, **more: Any) -> requests.Response | None:
    """None when nobody answers; the reason would show the address with the token in it."""
    try:
        return requests.request(verb, url, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException:
        return None


def _json(answer: requests.Response | None) -> dict[str, Any]:
    try:
        told = answer.json() if answer is not None else {}
    except ValueError:
        told = {}
    return told if isinstance(told, dict) else {}
