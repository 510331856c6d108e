"""``frontdoor channels check`` for jambonz: our account, its webhook secret, and an application that leads to us."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from core.messaging.finding import Finding
from ivr.jambonz.verbs import BASE


def check(settings: Any) -> list[Finding]:
    """Ask jambonz's REST interface; nothing is changed there."""
    api, account = settings.jambonz_api_url.rstrip("/"), settings.jambonz_account_sid
    headers = {"Authorization": f"Bearer {settings.jambonz_api_key}"}
    try:
        with httpx.Client(base_url=f"{api}/v1", headers=headers, timeout=10) as http:
            found = http.get(f"/Accounts/{account}")
            applications = http.get("/Applications") if found.is_success else None
    except httpx.HTTPError as error:
        values = {"host": urlsplit(api).netloc, "why": type(error).__name__}
        return [Finding(False, "check.jambonz.away", values)]
    if not found.is_success:
        return [Finding(False, "check.jambonz.refused", {"code": found.status_code})]
    return [*_account(found.json(), settings), *_application(applications, settings)]


def _account(account: dict[str, Any], settings: Any) -> list[Finding]:
    findings = [Finding(True, "check.jambonz.account", {"name": account.get("name") or "—"})]
    secret = account.get("webhook_secret")
    if secret and secret != settings.jambonz_webhook_secret:
        findings.append(Finding(False, "check.jambonz.secret_wrong"))
    return findings


def _application(answer: httpx.Response | None, settings: Any) -> list[Finding]:
    expected = f"{settings.public_url.rstrip('/')}{BASE}/incoming"
    rows = answer.json() if answer is not None and answer.is_success else []
    ours = [row for row in rows if (row.get("call_hook") or {}).get("url") == expected]
    if not ours:
        return [Finding(False, "check.jambonz.application_missing", {"url": expected})]
    status = f"{settings.public_url.rstrip('/')}{BASE}/status"
    if not any((row.get("call_status_hook") or {}).get("url") == status for row in ours):
        return [Finding(False, "check.jambonz.status_missing", {"url": status})]
    return [Finding(True, "check.jambonz.application", {"name": ours[0].get("name") or "—"})]
