"""Form fields the framework does not have: lists as lines, JSON as text."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.fields import TextAreaField
from starlette_admin.types import RequestAction

from console.wording import say


@dataclass
class LinesField(TextAreaField):
    """A list of strings, one a line."""

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        lines = str(form_data.get(self.id) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return ("、" if request.state.action == RequestAction.LIST else "\n").join(map(str, value or []))


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
        raw = str(form_data.get(self.id) or "")
        try:
            return json.loads(raw)
        except ValueError:
            return NotJson(raw)

    async def validate(self, request: Request, value: Any, form_values: dict[str, Any]) -> None:
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
