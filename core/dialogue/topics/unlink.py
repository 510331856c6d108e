"""解除绑定: a chat is taken out of the file that a proved number had joined it to (A1)."""

import re

from sqlalchemy import func, select

from core.customer.linking import unlink
from core.customer.model import Identity
from core.dialogue.state import State
from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.dialogue.topics.readback import YES

# How a wish about one's number is put, here and in link.py.
POLITE = r"(?:我要|我想|想要?|请|帮我|麻烦|怎么|如何|可以|能)*(?:帮我|给我)?"
NUMBER = r"(?:一?下)?(?:我的?)?(?:本人)?(?:手机号?码?|电话号?码?|号码|账号|账户|身份)"
WISH = re.compile(
    rf"{POLITE}(?:把)?(?:解除|取消|不再|不要|撤销){NUMBER}?的?(?:绑定|关联)(?:了|{NUMBER})?|{POLITE}解绑{NUMBER}?|"
    r"(?:please )?(?:unlink|unbind|disconnect)(?: my| this)?(?: phone(?: number)?| number| account)?",
    re.IGNORECASE,
)


def ask(talk: Talk) -> None:
    """Say what it means, and ask once more."""
    if not talk.private:
        talk.say("link.private")
    elif not talk.customer.phone_verified_at and not _several(talk):
        talk.say("unlink.nothing")
        flow.ask_again(talk)
    else:
        talk.say("unlink.ask")
        talk.ask("unlink", ("1", "unlink"), ("2", "keep_linked"))


def _several(talk: Talk) -> bool:
    """A code that staff made joins people whose number nobody has proved."""
    mine = select(func.count()).where(Identity.customer_id == talk.customer.id)
    return (talk.session.scalar(mine) or 0) > 1


def answer(talk: Talk) -> bool:
    """Nothing is undone without a plain yes."""
    choice = talk.chosen()
    if choice == "unlink" or (choice is None and YES.fullmatch(talk.text)):
        identity = talk.conversation.identity
        unlink(talk.session, identity, at=talk.at, actor=talk.actor, channel=talk.channel)
        talk.state = State()
        talk.say("unlink.done")
    elif choice == "keep_linked" or talk.intent == "deny":
        talk.drop_question()
        talk.say("unlink.kept")
        flow.go_on(talk)
    else:
        return False
    return True
