"""Wording and policies: edited, never added or removed, because the code asks for them by name."""

from starlette_admin.fields import StringField

from console.edit.checks import READ_WHOLE, check_meaning, check_placeholders, check_shape
from console.edit.fields import JsonTextField, TextField
from console.edit.view import EditView
from console.wording import Label
from core.house import House
from core.knowledge.book import shipped_policies, shipped_wording
from core.knowledge.model import Wording
from core.service.model import Policy


class WordingView(EditView):
    """House wording, by key and language; words in braces must stay those of the shipped text."""

    subject = "wording"
    show_pk_in_forms = True
    fields_default_sort = ("key",)
    searchable_fields = ("key", "text")
    sortable_fields = ("key", "language")

    def __init__(self, _house: House) -> None:
        self.fields = [
            StringField("key", label=Label("field.key"), read_only=True),
            StringField("language", label=Label("field.language"), read_only=True),
            TextField("text", label=Label("field.text"), required=True, help_text=Label("field.text.help")),
        ]
        super().__init__(Wording, "wording")

    def name_of(self, row: Wording) -> str:
        return f"wording:{row.language}:{row.key}"

    def check(self, row: Wording) -> None:
        shipped = shipped_wording()
        check_placeholders(
            row.text, shipped.get(row.language, {}).get(row.key) or shipped["zh"].get(row.key, "")
        )


class PolicyView(EditView):
    """The numbers of the business as JSON, checked by whoever reads them (console/edit/checks.py)."""

    subject = "policy"
    show_pk_in_forms = True
    fields_default_sort = ("name",)
    searchable_fields = ("name",)
    sortable_fields = ("name",)

    def __init__(self, _house: House) -> None:
        self.fields = [
            StringField("name", label=Label("field.policy"), read_only=True),
            JsonTextField("value", label=Label("field.value"), rows=16, help_text=Label("field.value.help")),
        ]
        super().__init__(Policy, "policies")

    def check(self, row: Policy) -> None:
        if row.name not in READ_WHOLE:
            check_shape(row.value, shipped_policies().get(row.name))
        check_meaning(row.name, row.value)
