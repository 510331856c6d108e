"""Settings: read once from the environment (prefix FRONTDOOR_), secrets also from files (NAME_FILE)."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.channel_settings import channel_problems

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "FRONTDOOR_"


class BadSettings(Exception):
    """Every setting that is missing or wrong, at once."""


class Settings(BaseSettings):
    """The environment, read once; what is wrong is told all at once."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=False)

    home: Path | None = None
    database_url: str = ""
    public_url: str = ""
    nlu_url: str = ""
    nlu_token: str = ""
    secret_key: str = ""
    timezone: str = "Asia/Shanghai"
    demo: bool = False
    heartbeat_url: str = ""  # of an outside monitor: the clock asks for it each minute

    wechat_app_id: str = ""
    wechat_app_secret: str = ""
    wechat_token: str = ""
    wechat_aes_key: str = ""
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_plain: bool = False  # unencrypted callbacks, for test accounts only

    wecom_corp_id: str = ""
    wecom_agent_id: str = ""
    wecom_secret: str = ""
    wecom_token: str = ""
    wecom_aes_key: str = ""
    wecom_api_url: str = "https://qyapi.weixin.qq.com"
    wecom_robot_key: str = ""  # a group robot that is told as well

    telegram_token: str = ""
    telegram_secret: str = ""
    telegram_api_url: str = "https://api.telegram.org"

    smtp_host: str = ""
    smtp_port: int = 0  # 0: the usual one of smtp_security
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""  # an address, or: 售后服务 <service@example.com>
    smtp_security: str = "starttls"  # starttls, ssl or none

    jambonz_api_url: str = ""  # scheme, host and, where there is one, the path before /v1
    jambonz_account_sid: str = ""
    jambonz_api_key: str = ""
    jambonz_webhook_secret: str = ""
    jambonz_webhook_secret_before: str = ""  # still accepted while jambonz changes over
    jambonz_number: str = ""

    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_auth_token_before: str = ""  # still accepted while the provider changes over
    twilio_from: str = ""
    twilio_api_url: str = "https://api.twilio.com"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"unknown time zone {value}") from unknown
        return value

    @cached_property
    def directory(self) -> Path:
        """Where run-time files live; beside the code by default, so that commands work from any directory."""
        beside = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
        directory = (self.home or beside / "var").expanduser().absolute()
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    @property
    def database(self) -> str:
        """The database URL: what was set, else an SQLite file in the home."""
        return self.database_url or f"sqlite:///{self.directory / 'frontdoor.db'}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the business."""
        return ZoneInfo(self.timezone)

    @cached_property
    def secret(self) -> str:
        """The key of cookies and of terminal visitors: given, or made once and kept in the home."""
        return self.secret_key or _kept_secret(self.directory / "secret.key")


def _kept_secret(path: Path) -> str:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)  # atomic: of several first starts, one wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()


def load(*, channels: bool = True) -> Settings:
    """Read the environment; BadSettings names everything wrong at once.

    ``channels=False`` for clients of a running server: which channels that one has is not theirs to judge.
    """
    problems = _from_files()
    try:
        settings = Settings()
    except ValueError as error:
        lines = getattr(error, "errors", lambda: [])()
        problems += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in lines] or [str(error)]
    else:
        problems += channel_problems(settings) if channels else []
    if problems:
        raise BadSettings("\n".join(problems))
    return settings


def read_files() -> None:
    """Put what FRONTDOOR_X_FILE names into FRONTDOOR_X, for parts that read the environment themselves."""
    # The search wants the sound of single characters; pypinyin's phrases would take 45 MB of every process.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    problems = _from_files()
    if problems:
        raise BadSettings("\n".join(problems))


def _from_files() -> list[str]:
    """FRONTDOOR_X_FILE=/run/secrets/x stands for FRONTDOOR_X; returns the files that cannot be read."""
    problems = []
    for name, path in list(os.environ.items()):
        if name.startswith(PREFIX) and name.endswith("_FILE") and path:
            try:
                os.environ.setdefault(name.removesuffix("_FILE"), Path(path).read_text("utf-8").strip())
            except OSError as error:
                problems.append(f"{name}: {error.strerror}: {path}")
    return problems
