"""A one-time code that staff made for a known customer: whoever scans it first says whether it is theirs."""

from core.customer.linking import join
from core.customer.model import Customer
from core.customer.scene import BadScene, Scene, redeem
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, link_code
from core.dialogue.topics.readback import YES
from core.staff.push import push


def scanned(talk: Talk, scene: Scene) -> None:
    """A linking code that staff made: whose file it is, and a yes before the chat joins it."""
    owner = _owner(talk, scene)
    if not talk.private:
        talk.say("link.private")
    elif owner is None:
        talk.say("scene.over")
        flow.ask_again(talk)
    elif owner.id == talk.customer.id:
        talk.say("scene.bound_already")
        flow.ask_again(talk)
    else:
        talk.say("scene.bind", who=_who(talk, owner))
        talk.ask("bind", ("1", "bind"), ("2", "not_mine"), slot=scene.token)


def _owner(talk: Talk, scene: Scene) -> Customer | None:
    """Whom the code was made for, wherever that file has gone since."""
    number = scene.payload.get("customer")
    owner = talk.session.get(Customer, number) if isinstance(number, int) else None
    while owner is not None and owner.merged_into is not None:
        owner = talk.session.get(Customer, owner.merged_into)
    return owner


def _who(talk: Talk, owner: Customer) -> str:
    """As little as lets the right one know: the code may have gone to somebody else."""
    if owner.phone:
        return talk.house.book.text("scene.tail", talk.language, tail=owner.phone[-4:])
    return (owner.name or "*")[:1] + "**"


def answer(talk: Talk) -> bool:
    """Yes or no to joining the file; the code has served then."""
    question, choice = talk.state.question, talk.chosen()
    if question is None or not question.slot:
        return False
    if choice == "bind" or (choice is None and YES.fullmatch(talk.text)):
        _bind(talk, question.slot)
    elif choice == "not_mine" or talk.intent == "deny" or talk.text.startswith("不是"):
        _not_mine(talk, question.slot)
    else:
        return False
    return True


def _scene(talk: Talk, token: str) -> Scene | None:
    try:
        return redeem(talk.session, token, identity_id=talk.conversation.identity_id, at=talk.at)
    except BadScene:
        return None


def _bind(talk: Talk, token: str) -> None:
    talk.drop_question()
    scene = _scene(talk, token)
    owner = _owner(talk, scene) if scene is not None else None
    mine = talk.customer
    if scene is None or owner is None:
        talk.say("scene.over")
    elif mine.phone_verified_at and mine.phone != owner.phone:
        talk.say(
            "scene.other_number", tail=(mine.phone or "")[-4:]
        )  # their file must not fall to another number
    else:
        language = mine.language
        if owner.id != mine.id:
            join(talk.session, mine, owner, at=talk.at, actor=talk.actor, channel=talk.channel)
            talk.customer.language = language
        scene.expires_at = talk.at  # it has served
        link_code.tell_tickets(talk, "scene.bound")
    flow.go_on(talk)


def _not_mine(talk: Talk, token: str) -> None:
    """It has reached the wrong person: it is void, and whoever made it should know."""
    talk.drop_question()
    scene = _scene(talk, token)
    if scene is not None:
        scene.expires_at = talk.at
        owner = _owner(talk, scene)
        push(
            talk.session,
            talk.house,
            key=f"bind_refused:{token}",
            audience="desk",
            wording="push.bind_refused",
            at=talk.at,
            name=(owner.name if owner else None) or "—",
            phone=(owner.phone if owner else None) or "—",
            by=str(scene.payload.get("by") or "—"),
        )
    talk.say("scene.not_mine")
    flow.go_on(talk)
