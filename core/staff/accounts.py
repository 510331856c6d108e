"""Staff accounts: making one, and checking a password so that guessing does not pay."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.staff.model import ROLES, LoginAttempt, Staff
from core.staff.people import ACCOUNTS, LINKS, has

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
# No 0/O, 1/l/I: a password that is read out over the phone.
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_hasher = PasswordHasher()
# What an unknown name is checked against, so that it takes as long as a known one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class WrongPassword(Exception):
    """用户名或密码不对。"""


class TooManyAttempts(Exception):
    """登录失败次数太多，请 {minutes} 分钟后再试。"""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"too many failed log-ins; try again in {minutes} minutes")
        self.minutes = minutes


class NameTaken(Exception):
    """已经有名叫 {name} 的员工。"""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a member of staff called {name} already")
        self.name = name


class BadAccount(Exception):
    """“{account}”不能用作{channel}账号：格式不对，或者已经是别的员工的。"""

    def __init__(self, account: str, channel: str) -> None:
        super().__init__(f"{account!r} cannot be a {channel} account: not its form, or somebody else's")
        self.account, self.channel = account, channel


class UnknownRole(Exception):
    """没有“{role}”这个角色。可选：{roles}。"""

    def __init__(self, role: str) -> None:
        super().__init__(f"no role {role}; one of: {', '.join(ROLES)}")
        self.role, self.roles = role, ", ".join(ROLES)


def add_staff(
    session: Session,
    *,
    name: str,
    role: str,
    password: str | None = None,
    phone: str | None = None,
    on_duty: bool = False,
    at: datetime,
) -> str:
    """Open an account and return its password (made up when none is given). NameTaken, UnknownRole."""
    name = name.strip()
    if role not in ROLES:
        raise UnknownRole(role)
    if session.scalar(select(Staff.id).where(Staff.name == name)) is not None:
        raise NameTaken(name)
    person = Staff(name=name, role=role, phone=phone, on_duty=on_duty, created_at=at)
    session.add(person)
    return set_password(person, password)


def set_link(session: Session, person: Staff, channel: str, account: str | None) -> None:
    """Give a person their account on a chat, or take it away (None or empty). BadAccount."""
    account = (account or "").strip() or None
    if account is not None:
        known = session.scalars(select(Staff.name).where(has(channel, account), Staff.name != person.name))
        if not ACCOUNTS[channel].fullmatch(account) or known.first() is not None:
            raise BadAccount(account[:64], channel)
    setattr(person, LINKS[channel].key, account)
    session.flush()


def set_password(person: Staff, password: str | None = None) -> str:
    """Give a person a new password, made up when none is given; old sessions end with the old hash."""
    password = password or "".join(secrets.choice(_LETTERS) for _ in range(12))
    person.password_hash = _hasher.hash(password)
    return password


def check_password(session: Session, *, name: str, password: str, address: str, at: datetime) -> Staff:
    """The active member of staff with this password; WrongPassword or TooManyAttempts otherwise.

    ``at`` is real time, never business time. Commit after a failure too: the failure is a row.
    """
    name, subjects = name.strip(), (f"name:{name.strip()[:200]}", f"address:{address}")
    _refuse_guessing(session, subjects, at)
    person = session.scalars(select(Staff).where(Staff.name == name)).first()
    known = person.password_hash if person and person.active else None
    if not _matches(known or _NOBODY, password) or person is None or known is None:
        session.add_all(LoginAttempt(subject=subject, at=at) for subject in subjects)
        raise WrongPassword
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == subjects[0]))
    if _hasher.check_needs_rehash(known):
        person.password_hash = _hasher.hash(password)
    return person


def _refuse_guessing(session: Session, subjects: tuple[str, ...], at: datetime) -> None:
    session.execute(
        delete(LoginAttempt).where(LoginAttempt.subject.in_(subjects), LoginAttempt.at < at - WINDOW)
    )
    counted = (
        select(func.count(), func.min(LoginAttempt.at))
        .where(LoginAttempt.subject.in_(subjects))
        .group_by(LoginAttempt.subject)
    )
    for failures, first in session.execute(counted):
        if failures >= MOST_FAILURES:
            left = (first + WINDOW - at).total_seconds()
            raise TooManyAttempts(max(1, round(left / 60 + 0.49)))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[:1024])
    except (Argon2Error, InvalidHashError):
        return False


def change_staff(
    session: Session,
    *,
    name: str,
    role: str,
    password: str | None = None,
    phone: str | None = None,
    on_duty: bool = False,
) -> str:
    """Change the account that has this name; what is left out stays. Returns the new password, or ""."""
    person = session.scalars(select(Staff).where(Staff.name == name.strip())).one()
    person.role, person.on_duty, person.active = role, on_duty, True
    person.phone = phone or person.phone
    return set_password(person, password) if password else ""
