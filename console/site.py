"""Putting the console together: one plain function, read from top to bottom."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from jinja2 import PackageLoader
from sqlalchemy.orm import sessionmaker
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette_admin.contrib.sqla import Admin
from starlette_admin.i18n import I18nConfig, TimezoneConfig

from console.edit.session import EditSession, LookingMiddleware
from console.edit.texts import PolicyView, WordingView
from console.edit.views import ArticleView, HotlineView, OutletView, QuestionView
from console.language import LanguageMiddleware, language
from console.menu import here, menu
from console.outside import Outside
from console.page import Page, may
from console.pages.ask import Ask
from console.pages.asked import AskedQuestions
from console.pages.calls import CallList
from console.pages.choose_language import ChooseLanguage
from console.pages.codes import codes_page
from console.pages.courses import Courses
from console.pages.dashboard import Dashboard
from console.pages.escalation import Escalation
from console.pages.files import ticket_file
from console.pages.groups import Groups
from console.pages.history import History, Reveals
from console.pages.incidents import Incidents
from console.pages.letters import DeadLetters
from console.pages.link import link_page
from console.pages.people import People
from console.pages.photos import photo_pages
from console.pages.plan import PlanPage
from console.pages.plans import Plans
from console.pages.promises import Promises
from console.pages.pushes import Pushes
from console.pages.reveal import RevealField
from console.pages.reviews import Reviews
from console.pages.roster import Roster
from console.pages.round_visit import RoundVisitPage
from console.pages.rounds import Rounds
from console.pages.sales import Sales
from console.pages.satisfaction import Satisfaction
from console.pages.sla import SlaBoard
from console.pages.step_pictures import StepPictures
from console.pages.ticket import TicketPage
from console.pages.tickets import TicketList
from console.pages.training import training_page
from console.pages.training_record import training_record_page
from console.pages.trainings import Trainings
from console.pages.voice_menu import VoiceMenu
from console.session import StaffLogin
from console.shield import Shield
from console.show import Show
from console.wording import Label, say
from core.house import House
from core.staff import masking

PAGES = (
    TicketList,
    TicketPage,
    RevealField,
    DeadLetters,
    Escalation,
    Pushes,
    Promises,
    SlaBoard,
    Trainings,
    Courses,  # after the sessions, whose codes stand at the same place of the address: the last one is found first
    Rounds,
    RoundVisitPage,
    Roster,
    Incidents,
    Groups,
    Ask,
    AskedQuestions,
    CallList,
    Sales,
    PlanPage,
    Plans,
    Satisfaction,
    Reviews,
    VoiceMenu,
    StepPictures,
    History,
    Reveals,
    People,
    ChooseLanguage,
)

EDITS = (ArticleView, QuestionView, OutletView, HotlineView, WordingView, PolicyView)


def mount(app: FastAPI, house: House, secret: str, outside: Outside | None = None) -> None:
    """Serve the console at /console of ``app``; ``secret`` signs its cookies."""
    outside = outside or Outside()
    app.mount(
        "/console/assets", StaticFiles(directory=Path(__file__).parent / "static"), name="console-assets"
    )
    admin = _admin(house, secret, outside)
    for page in (*_pages_with_ways_out(outside), *PAGES):
        admin.add_view(page(house))
    for view in EDITS:
        admin.add_view(view(house))
    admin.mount_to(app)


def _admin(house: House, secret: str, outside: Outside) -> Admin:
    admin = Admin(
        sessionmaker(class_=EditSession, bind=house.database.engine, expire_on_commit=False),
        title=Label("title"),
        base_url="/console",
        route_name="console",
        index_view=Dashboard(house, outside.channels),
        auth_provider=StaffLogin(house, secret),
        secret_key=secret,
        additional_loaders=[PackageLoader("console", "templates")],
        middlewares=[Middleware(LanguageMiddleware), Middleware(Shield), Middleware(LookingMiddleware)],
        i18n_config=I18nConfig(default_locale="zh", language_header_name=None)
        if find_spec("babel")
        else None,
        timezone_config=TimezoneConfig(default_timezone=str(house.zone), timezone_cookie_name=None),
    )
    admin.templates.env.globals.update(
        Show(house).names(),
        t=say,
        language=language,
        get_locale=language,
        may=may,
        menu=menu,
        here=here,
        masked=masking.free_text,
        mask_phone=masking.phone,
        mask_address=masking.address,
    )
    return admin


def _pages_with_ways_out(outside: Outside) -> tuple[Callable[[House], Page], ...]:
    """Pages that are told where codes lead, or where files lie."""
    links, media = outside.links, outside.media
    return (
        ticket_file(media),
        codes_page(links),
        link_page(links),
        training_record_page(media),
        *photo_pages(media),
        training_page(links),
    )
