"""Logging in: a signed cookie that says who; what they may do is read from the database each time."""

from datetime import UTC, datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import index_url, safe_redirect_url

from console.language import language
from core.house import House
from core.staff.accounts import TooManyAttempts, WrongPassword, check_password
from core.staff.model import Staff

COOKIE = "frontdoor_staff"
SECONDS = 12 * 3600


class StaffLogin(AuthProvider):
    """The cookie holds who it is and a mark of their password: a new password ends every session."""

    def __init__(self, house: House, secret: str) -> None:
        super().__init__(allow_routes=["language"])
        self._house = house
        self._signer = URLSafeTimedSerializer(secret, salt="frontdoor-staff")

    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response:
        """LoginFailed in the words of the house, also for too many attempts (core/staff/accounts.py)."""
        address = request.client.host if request.client else "unknown"
        person = await run_in_threadpool(self._check, username, password, address)
        home = index_url(request)
        wanted = safe_redirect_url(request.query_params.get("next") or home, request, home)
        response = RedirectResponse(wanted, status_code=303)
        response.set_cookie(
            COOKIE,
            self._signer.dumps([person.id, _mark(person)]),
            max_age=SECONDS,
            path="/console",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def _check(self, username: str, password: str, address: str) -> Staff:
        try:
            with self._house.database.session() as session:
                try:
                    return check_password(
                        session, name=username, password=password, address=address, at=datetime.now(UTC)
                    )
                finally:
                    session.commit()  # a failure is a row too
        except TooManyAttempts as error:
            raise LoginFailed(
                self._house.book.text("error.TooManyAttempts", language(), minutes=error.minutes)
            ) from error
        except WrongPassword as error:
            raise LoginFailed(self._house.book.text("error.WrongPassword", language())) from error

    async def logout(self, request: Request) -> Response:
        response = RedirectResponse(index_url(request), status_code=303)
        response.delete_cookie(COOKIE, path="/console")
        return response

    async def authenticate(self, request: Request) -> AdminUser | None:
        """None: not logged in, switched off meanwhile, or the password is another one now."""
        signed = request.cookies.get(COOKIE)
        person = await run_in_threadpool(self._who, signed) if signed else None
        request.state.staff = person
        return AdminUser(username=person.name) if person else None

    def _who(self, signed: str) -> Staff | None:
        try:
            number, mark = self._signer.loads(signed, max_age=SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        with self._house.database.reading() as session:
            person = session.get(Staff, number)
        return person if person and person.active and _mark(person) == mark else None


def _mark(person: Staff) -> str:
    """Changes with the password, so that a new password ends the old sessions."""
    return (person.password_hash or "")[-12:]
