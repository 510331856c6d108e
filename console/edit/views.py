"""Articles, outlets and hotlines: the tables staff keep."""

from typing import Any

from starlette.requests import Request
from starlette_admin.fields import (
    BooleanField,
    EnumField,
    FloatField,
    IntegerField,
    StringField,
)

from console.edit.fields import EnglishLinesField, LinesField, PicturesField, TextField
from console.edit.view import EditView
from console.language import language
from console.wording import Label
from core.categories import CATEGORIES
from core.house import House
from core.knowledge.model import Article, Question
from core.knowledge.pictures import carried_over
from core.knowledge.revisions import contents_before
from core.service.model import Hotline, Outlet

ENGLISH = ("steps_en", "warnings_en")


class ArticleView(EditView):
    """Self-help articles; how often each was offered and solved it is counted, not edited."""

    subject, unique, creatable = "article", "slug", True
    show_pk_in_forms = True
    exclude_fields_from_list = (
        *("error_codes", "brands", "models", "steps", "voice", "warnings"),
        *("title_en", "steps_en", "voice_en", "warnings_en"),
    )
    exclude_fields_from_create = ("offered", "solved", "not_solved")
    exclude_fields_from_edit = ("slug", *exclude_fields_from_create)
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
            EnumField("category", label=label("category"), choices_loader=categories, required=True),
            LinesField("symptoms", label=label("symptoms"), rows=2, help_text=Label("field.lines.help")),
            LinesField("error_codes", label=label("error_codes"), rows=2),
            LinesField("brands", label=label("brands"), rows=2),
            LinesField("models", label=label("models"), rows=2),
            LinesField(
                "steps", label=label("steps"), rows=8, required=True, help_text=Label("field.lines.help")
            ),
            PicturesField("pictures", label=label("pictures")),
            TextField("voice", label=label("voice"), rows=3, help_text=Label("field.voice.help")),
            LinesField("warnings", label=label("warnings"), rows=3),
            StringField("title_en", label=label("title_en"), help_text=Label("field.english.help")),
            EnglishLinesField("steps_en", label=label("steps_en"), rows=8, beside="steps", english=ENGLISH),
            TextField("voice_en", label=label("voice_en"), rows=3),
            EnglishLinesField(
                "warnings_en", label=label("warnings_en"), rows=3, beside="warnings", english=ENGLISH
            ),
            BooleanField("pinned", label=label("pinned")),
            BooleanField("active", label=label("active")),
            IntegerField("offered", label=label("offered"), read_only=True),
            IntegerField("solved", label=label("solved"), read_only=True),
            IntegerField("not_solved", label=label("not_solved"), read_only=True),
        ]
        super().__init__(Article, "articles")

    async def before_edit(self, request: Request, data: dict[str, Any], obj: Any) -> None:
        """Pictures go with the words of their steps."""
        steps = contents_before(obj)["steps"]
        obj.pictures = carried_over(steps, obj.steps, obj.pictures)
        await super().before_edit(request, data, obj)


class QuestionView(EditView):
    """Questions and answers, with their other wordings."""

    subject, unique, creatable = "question", "id", True
    show_pk_in_forms = True
    exclude_fields_from_list = ("similar", "answer", "question_en", "answer_en")
    exclude_fields_from_edit = ("id",)
    searchable_fields = ("id", "question", "answer", "category")
    sortable_fields = ("id", "question", "category")

    def __init__(self, house: House) -> None:
        def categories(request: Request) -> list[tuple[str, str]]:
            return [(c, house.book.label("category", c, language())) for c in CATEGORIES]

        def label(name: str) -> Label:
            return Label(f"field.{name}")

        self.fields = [
            StringField("id", label=label("slug"), required=True, help_text=Label("field.slug.help")),
            StringField("question", label=label("question"), required=True),
            EnumField("category", label=label("category"), choices_loader=categories, required=True),
            LinesField("similar", label=label("similar"), rows=5, help_text=Label("field.lines.help")),
            TextField("answer", label=label("answer"), rows=4, required=True),
            StringField("source", label=label("source"), required=True),
            StringField("question_en", label=label("question_en")),
            StringField("answer_en", label=label("answer_en")),
            BooleanField("active", label=label("active")),
        ]
        super().__init__(Question, "questions")


class OutletView(EditView):
    """Service outlets; one without skills takes everything."""

    subject, unique, creatable = "outlet", "id", True
    show_pk_in_forms = True
    exclude_fields_from_list = ("latitude", "longitude")
    exclude_fields_from_edit = ("id",)
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
    """The brands' own hotlines."""

    subject, unique, creatable, deletable = "hotline", "brand", True, True
    exclude_fields_from_list = ("id",)
    searchable_fields = ("brand", "category", "hotline")

    def __init__(self, _house: House) -> None:
        names = ("brand", "category_word", "hotline")
        columns = ("brand", "category", "hotline")
        text = [
            StringField(c, label=Label(f"field.{n}"), required=True)
            for c, n in zip(columns, names, strict=True)
        ]
        self.fields = [IntegerField("id", label=Label("field.id"), read_only=True), *text]
        super().__init__(Hotline, "hotlines")
