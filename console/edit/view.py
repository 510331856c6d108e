"""What every editing page shares: who may, the check before a save, the version after it."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.exceptions import FormValidationError

from console.edit.checks import Broken
from console.page import may, who
from console.wording import Label, say
from core.knowledge.revisions import contents, contents_before, keep


class EditView(ModelView):
    """A table that staff may edit.

    ``subject`` names its rows in the history; ``unique`` is the field that no two rows may share.
    """

    page_size = 25
    importers = ()
    exporters = ("csv", "xlsx")
    row_click_navigate = True
    creatable = deletable = False
    subject = unique = ""

    def __init__(self, model: Any, key: str) -> None:
        super().__init__(model, key=key, menu_label=Label(f"menu.{key}"), display_name=Label(f"menu.{key}"))

    def title(self, request: Request) -> str:
        return str(self.menu_label)

    def is_accessible(self, request: Request) -> bool:
        return self.key in may(request).pages

    def can_edit(self, request: Request) -> bool:
        return self.key in may(request).edits

    def can_create(self, request: Request) -> bool:
        return self.creatable and self.can_edit(request)

    def can_delete(self, request: Request) -> bool:
        return self.deletable and self.can_edit(request)

    def name_of(self, row: Any) -> str:
        """How a row is called in the history of changes."""
        return f"{self.subject}:{getattr(row, self.pk_attr)}"

    def check(self, row: Any) -> None:
        """Broken when the row would do harm; called before it is stored."""

    async def before_edit(self, request: Request, data: dict[str, Any], obj: Any) -> None:
        """The last look before a change is saved: refused here, or remembered as it was."""
        self._refuse(obj)
        request.state.before = contents_before(obj)

    async def before_create(self, request: Request, data: dict[str, Any], obj: Any) -> None:
        self._refuse(obj)
        request.state.before = None

    def _refuse(self, row: Any) -> None:
        try:
            self.check(row)
        except Broken as broken:
            raise FormValidationError({self.fields[-1].name: say(broken.key, **broken.values)}) from broken

    async def handle_exception(self, request: Request, exc: Exception) -> None:
        """What the database found to be there already is told at its field; anything else is an error."""
        if isinstance(exc, IntegrityError):
            raise FormValidationError({self.unique: say("check.taken")}) from exc
        raise exc

    async def after_edit(self, request: Request, obj: Any) -> None:
        self._keep(request, obj, contents(obj))

    async def after_create(self, request: Request, obj: Any) -> None:
        self._keep(request, obj, contents(obj))

    async def before_delete(self, request: Request, obj: Any) -> None:
        request.state.before = contents(obj)
        self._keep(request, obj, {"deleted": True})

    def _keep(self, request: Request, row: Any, data: dict[str, Any]) -> None:
        session: Session = request.state.session
        keep(session, self.name_of(row), data, by=who(request).name, before=request.state.before)
