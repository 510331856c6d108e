"""Form fields the framework does not have: lists as lines, JSON as text."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.fields import BaseField, TextAreaField
from starlette_admin.types import RequestAction

from console.wording import say


@dataclass
class LinesField(TextAreaField):
    """A list of strings, one a line."""

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        """One item a line; empty lines are none."""
        lines = str(form_data.get(self.id) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return ("、" if request.state.action == RequestAction.LIST else "\n").join(map(str, value or []))


@dataclass
class EnglishLinesField(LinesField):
    """The English of the list ``beside``, line by line. ``english``: if one of these fields has any, each has all."""

    beside: str = ""
    english: tuple[str, ...] = ()

    async def validate(self, request: Request, value: Any, form_values: dict[str, Any]) -> None:
        """ValueError says what is missing: the title, or how many lines there are and how many there should be."""
        if value and not form_values.get("title_en"):
            raise ValueError(say("check.english_title"))
        have, want = len(value or ()), len(form_values.get(self.beside) or ())
        if have != want and any(form_values.get(name) for name in self.english):
            raise ValueError(say("check.english", have=have, want=want))


@dataclass
class TextField(TextAreaField):
    """Text that may be empty, but is never nothing."""

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        return str(form_data.get(self.id) or "").replace("\r\n", "\n").strip()


class NotJson(str):
    """What was typed, kept for the form that comes back."""


@dataclass
class JsonTextField(TextAreaField):
    """Any JSON value, typed as text."""

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        """What is no JSON stays as it was typed, for ``validate`` to refuse and the form to show again."""
        raw = str(form_data.get(self.id) or "")
        try:
            return json.loads(raw)
        except ValueError:
            return NotJson(raw)

    async def validate(self, request: Request, value: Any, form_values: dict[str, Any]) -> None:
        """ValueError says where the JSON breaks off."""
        if isinstance(value, NotJson):
            try:
                json.loads(value)
            except ValueError as error:
                raise ValueError(say("check.json", why=str(error))) from error

    async def serialize_value(self, request: Request, value: Any) -> Any:
        if isinstance(value, NotJson):
            return str(value)
        short = request.state.action == RequestAction.LIST
        return json.dumps(value, ensure_ascii=False, indent=None if short else 2)


@dataclass
class PicturesField(BaseField):
    """How many steps have a picture, leading to the page where they are kept; no part of a form."""

    list_template: str = "console/fields/pictures.html"
    detail_template: str = "console/fields/pictures.html"
    exclude_from_create: bool | None = True
    exclude_from_edit: bool | None = True
    exclude_from_export: bool | None = True
    searchable: bool | None = False
    orderable: bool | None = False

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        """What the template shows of an article."""
        return {"slug": obj.slug, "pictures": obj.pictures, "steps": len(obj.steps)}
