"""What each channel needs before it is on: all of its secrets, or none. A half-set channel starts nothing."""

import re
from typing import Any

PREFIX = "FRONTDOOR_"
NEEDED = {
    "wechat": ("app_id", "app_secret", "token", "aes_key"),
    "wecom": ("corp_id", "agent_id", "secret", "token", "aes_key"),
    "telegram": ("token",),
    "twilio": ("account_sid", "auth_token", "from"),
    "jambonz": ("api_url", "account_sid", "api_key", "webhook_secret", "number"),
}
AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
# Telegram: A-Z a-z 0-9 _ -, 1 to 256 of them; ours must be worth guessing.
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{8,256}")


def is_on(settings: Any, channel: str) -> bool:
    """Whether a channel's secrets are there."""
    return all(_given(settings, channel, name) for name in _needed(settings, channel))


def channel_problems(settings: Any) -> list[str]:
    """Every channel setting that is missing or wrong, by its name."""
    problems = []
    for channel in NEEDED:
        needed = _needed(settings, channel)
        given = [name for name in needed if _given(settings, channel, name)]
        if given and len(given) < len(needed):
            missing = [f"{PREFIX}{channel}_{name}".upper() for name in needed if name not in given]
            problems.append(f"{', '.join(missing)}: missing, while other settings of {channel} are set")
    return problems + _shapes(settings)


def _given(settings: Any, channel: str, name: str) -> bool:
    """Blanks are nothing: an empty token is a signature that anybody can make."""
    return bool(str(getattr(settings, f"{channel}_{name}")).strip())


def _needed(settings: Any, channel: str) -> tuple[str, ...]:
    plain = channel == "wechat" and settings.wechat_plain
    return tuple(name for name in NEEDED[channel] if not (plain and name == "aes_key"))


def _shapes(settings: Any) -> list[str]:
    problems = []
    for channel in ("wechat", "wecom"):
        key = getattr(settings, f"{channel}_aes_key")
        if key and not AES_KEY.fullmatch(key):
            name = f"{PREFIX}{channel}_AES_KEY".upper()
            problems.append(f"{name}: must be the 43 letters and digits of EncodingAESKey, not {len(key)}")
    if settings.telegram_secret and not TELEGRAM_SECRET.fullmatch(settings.telegram_secret):
        problems.append(f"{PREFIX}TELEGRAM_SECRET: 8 to 256 of A-Z a-z 0-9 _ -")
    if settings.telegram_token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", settings.telegram_token):
        problems.append(f"{PREFIX}TELEGRAM_TOKEN: not a bot token (123456:ABC…)")
    if settings.telegram_token and settings.public_url and not settings.telegram_secret:
        problems.append(
            f"{PREFIX}TELEGRAM_SECRET: missing; with FRONTDOOR_PUBLIC_URL Telegram calls us and must prove itself"
        )
    if settings.wecom_agent_id and not re.fullmatch(r"\d{1,12}", settings.wecom_agent_id):
        problems.append(f"{PREFIX}WECOM_AGENT_ID: the number of the app (AgentId), such as 1000002")
    if settings.wecom_robot_key and not settings.wecom_corp_id:
        problems.append(
            f"{PREFIX}WECOM_ROBOT_KEY: a robot is told as well, never alone; set the other settings of wecom"
        )
    if settings.heartbeat_url and not re.fullmatch(r"https?://[^/\s]+\S*", settings.heartbeat_url):
        problems.append(f"{PREFIX}HEARTBEAT_URL: as https://monitor.example.com/ping/…")
    problems += _twilio(settings) + _jambonz(settings)
    for name in ("wechat_api_url", "wecom_api_url", "telegram_api_url", "twilio_api_url", "public_url"):
        url = getattr(settings, name)
        if url and not re.fullmatch(r"https?://[^/\s]+/?", url):
            problems.append(f"{PREFIX}{name.upper()}: scheme and host only, as https://example.com")
    return problems


def _twilio(settings: Any) -> list[str]:
    """Shapes of the phone's settings; its webhooks are signed over the address that the provider was given."""
    problems = []
    if settings.twilio_account_sid and not re.fullmatch(r"AC[0-9a-fA-F]{32}", settings.twilio_account_sid):
        problems.append(f"{PREFIX}TWILIO_ACCOUNT_SID: AC and 32 hex digits")
    if settings.twilio_from and not re.fullmatch(r"\+[1-9]\d{6,14}", settings.twilio_from):
        problems.append(f"{PREFIX}TWILIO_FROM: a number in E.164, as +864008888888")
    # A demonstration signs over the address it is reached at; a provider behind a proxy signs over ours.
    if settings.twilio_auth_token and not settings.public_url and not settings.demo:
        problems.append(f"{PREFIX}PUBLIC_URL: missing; the provider signs its webhooks over it")
    return problems


def _jambonz(settings: Any) -> list[str]:
    """Shapes of a jambonz's settings. It calls us, and sends us the sound of messages: our address must be known."""
    problems = []
    if settings.jambonz_api_url and not re.fullmatch(r"https?://[^\s?#]+", settings.jambonz_api_url):
        problems.append(f"{PREFIX}JAMBONZ_API_URL: as https://jambonz.example.com/api, without /v1")
    if settings.jambonz_number and not re.fullmatch(r"\+[1-9]\d{6,14}", settings.jambonz_number):
        problems.append(f"{PREFIX}JAMBONZ_NUMBER: a number in E.164, as +864008888888")
    if settings.jambonz_webhook_secret and not settings.public_url:
        problems.append(f"{PREFIX}PUBLIC_URL: missing; jambonz sends us the sound of messages there")
    return problems
