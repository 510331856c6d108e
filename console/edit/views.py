"""The editing pages. Each save is versioned and takes effect in every process without a restart."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import BooleanField, EnumField, FloatField, IntegerField, StringField, TextAreaField

from console.edit.checks import Broken, check_placeholders, check_shape
from console.edit.fields import JsonTextField, LinesField
from console.edit.revisions import contents, contents_before, keep
from console.language import language
from console.page import may, who
from console.wording import Label, say
from core.categories import CATEGORIES
from core.house import House
from core.knowledge.book import shipped_policies, shipped_wording
from core.knowledge.model import Article, Wording
from core.service.model import Hotline, Outlet, Policy


class EditView(ModelView):
    """A table that staff may edit; ``subject`` names a row in the history of versions."""

    page_size = 25
    importers = ()
    exporters = ("csv",)
    row_click_navigate = True
    creatable = deletable = False
    subject = ""

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
        return f"{self.subject}:{getattr(row, self.pk_attr)}"

    def check(self, row: Any) -> None:
        """Broken when the row would do harm; called before it is stored."""

    async def before_edit(self, request: Request, data: dict[str, Any], obj: Any) -> None:
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


class ArticleView(EditView):
    subject, creatable = "article", True
    show_pk_in_forms = True
    exclude_fields_from_list = ("error_codes", "brands", "models", "steps", "voice", "warnings", "title_en")
    exclude_fields_from_create = exclude_fields_from_edit = ("offered", "solved", "not_solved")
    searchable_fields = ("slug", "title", "category")
    sortable_fields = ("slug", "title", "category", "offered", "solved", "not_solved")

    def __init__(self, house: House) -> None:
        def categories(request: Request) -> list[tuple[str, str]]:
            return [(c, house.book.label("category", c, language())) for c in CATEGORIES]

        def label(name: str) -> Label:
            return Label(f"field.{name}")

        self.fields = [
            StringField("slug", label=label("slug"), required=True, help_text=Label("field.slug.help")),
            StringField("title", label=label("title"), required=True),
            StringField("title_en", label=label("title_en")),
            EnumField("category", label=label("category"), choices_loader=categories, required=True),
            LinesField("symptoms", label=label("symptoms"), rows=2, help_text=Label("field.lines.help")),
            LinesField("error_codes", label=label("error_codes"), rows=2),
            LinesField("brands", label=label("brands"), rows=2),
            LinesField("models", label=label("models"), rows=2),
            LinesField("steps", label=label("steps"), rows=8, required=True, help_text=Label("field.lines.help")),
            TextAreaField("voice", label=label("voice"), rows=3, help_text=Label("field.voice.help")),
            LinesField("warnings", label=label("warnings"), rows=3),
            BooleanField("pinned", label=label("pinned")),
            BooleanField("active", label=label("active")),
            IntegerField("offered", label=label("offered"), read_only=True),
            IntegerField("solved", label=label("solved"), read_only=True),
            IntegerField("not_solved", label=label("not_solved"), read_only=True),
        ]
        super().__init__(Article, "articles")


class OutletView(EditView):
    subject, creatable = "outlet", True
    show_pk_in_forms = True
    exclude_fields_from_list = ("latitude", "longitude")
    searchable_fields = ("name", "address", "region")

    def __init__(self, _house: House) -> None:
        def label(name: str) -> Label:
            return Label(f"field.{name}")

        self.fields = [
            IntegerField("id", label=label("id"), required=True),
            StringField("name", label=label("name"), required=True),
            StringField("address", label=label("address"), required=True),
            StringField("phone", label=label("phone")),
            StringField("region", label=label("region"), help_text=Label("field.region.help")),
            FloatField("latitude", label=label("latitude")),
            FloatField("longitude", label=label("longitude")),
            LinesField("skills", label=label("skills"), rows=3, help_text=Label("field.skills.help")),
            BooleanField("active", label=label("active")),
        ]
        super().__init__(Outlet, "outlets")


class HotlineView(EditView):
    subject, creatable, deletable = "hotline", True, True
    exclude_fields_from_list = ("id",)
    searchable_fields = ("brand", "category", "hotline")

    def __init__(self, _house: House) -> None:
        names = ("brand", "category_word", "hotline")
        columns = ("brand", "category", "hotline")
        text = [StringField(c, label=Label(f"field.{n}"), required=True) for c, n in zip(columns, names, strict=True)]
        self.fields = [IntegerField("id", label=Label("field.id"), read_only=True), *text]
        super().__init__(Hotline, "hotlines")


class WordingView(EditView):
    subject = "wording"
    fields_default_sort = ("key",)
    searchable_fields = ("key", "text")
    sortable_fields = ("key", "language")

    def __init__(self, _house: House) -> None:
        self.fields = [
            StringField("key", label=Label("field.key"), read_only=True),
            StringField("language", label=Label("field.language"), read_only=True),
            TextAreaField("text", label=Label("field.text"), required=True, help_text=Label("field.text.help")),
        ]
        super().__init__(Wording, "wording")

    def name_of(self, row: Wording) -> str:
        return f"wording:{row.language}:{row.key}"

    def check(self, row: Wording) -> None:
        shipped = shipped_wording()
        check_placeholders(row.text, shipped.get(row.language, {}).get(row.key) or shipped["zh"].get(row.key, ""))


class PolicyView(EditView):
    subject = "policy"
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
        check_shape(row.value, shipped_policies().get(row.name))


def edit_views(house: House) -> list[EditView]:
    return [view(house) for view in (ArticleView, OutletView, HotlineView, WordingView, PolicyView)]
