"""A step of a shipped article that has a picture of its own."""

from core.house import House
from core.knowledge.model import Article
from core.knowledge.pictures import keep_picture, step_picture
from tests.training.pictures import photo

COOLING = "ac-no-cooling"


def pictured(house: House, *steps: int, slug: str = COOLING, colour: str = "teal", kind: str = "PNG") -> str:
    """The id of the picture, which these steps of the article have, and no other step has one."""
    with house.database.session() as session:
        shown = keep_picture(session, step_picture(photo(size=(320, 240), colour=colour, kind=kind)))
        session.get_one(Article, slug).pictures = {str(step): shown for step in steps}
        session.commit()
    return shown
