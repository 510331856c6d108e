"""The answer to a self-help step: it helped, the next step, or on to the real report."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import article, flow, slots
from core.dialogue.topics.filed import open_ticket, words
from core.knowledge.model import Article
from core.knowledge.telling import telling
from core.promise.watch import follow
from core.ticket.lifecycle import move

SOLVED = re.compile(
    r"^(?!.*(?:没|不|未|还是|仍)).*(?:解决了|好了|可以了|能用了|正常了|修好了|搞定|ok了|弄好|好啦|行啦|行了|凉了|有了|亮了|通了)"
    r"|^(?!.*(?:\bnot\b|n['’]?t\b|\bstill\b|\bno\b(?! problem)|\bnever\b|\?)).*"
    r"\b(?:solved|fixed|sorted|helped|(?:it|that|this) worked|works|working (?:now|again|fine)|back to normal)\b",
    re.IGNORECASE,
)
NOT_SOLVED = re.compile(
    r"还是|没用|没好|没有?解决|不行|不管用|没反应|没效果|一样|依然|仍然|试过|都试了|没变|未解决|不得行|不起作用"
    r"|\bstill\b|\bnot (?:solved|fixed|working|yet|better)\b|n['’]?t (?:work|help|change|fix|solve)"
    r"|\bno (?:change|luck|difference|effect|good|use)\b|\bsame (?:problem|thing|as before)\b|\b(?:already )?tried (?:that|it|this)\b",
    re.IGNORECASE,
)
# 好的 to a step means that they will try it, not that it helped.
_TRYING = re.compile(
    r"(?:好的?|嗯+|行|可以|哦|ok(?:ay)?|收到|知道了|明白了?|(?:好的?)?[,，]?(?:我|俺)?(?:先)?(?:去)?(?:试试?|看看|试一下|看一下)(?:看)?|等(?:一?下|会儿?|等)|稍等|马上)[吧啊呢的了哈,，。.!！ ]*"
    r"|(?:(?:ok(?:ay)?|sure|all ?right|alright|fine|yes)[,. ]*)?(?:(?:i(?:['’]?ll| will| am going to)|let me|i['’]?m) )?"
    r"(?:try(?:ing)?|check(?:ing)?|do(?:ing)? (?:it|that)|look(?:ing)?|wait|one moment|just a (?:moment|minute|second)|give me \w+ minutes?)"
    r"(?: (?:it|that|this|now|a moment|and see))*[.! ]*",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"不想试|懒得|不会弄|不会|不敢|弄不来|不试|直接|师傅|上门|派人|太麻烦|没工具|搞不懂|看不懂"
    r"|\b(?:technician|engineer|repair ?man|request a repair|send (?:me )?(?:someone|somebody|a person)|come (?:over|and)|skip"
    r"|don['’]?t (?:want|know how|dare)|do not want|too (?:complicated|difficult|hard|much)|can['’]?t do (?:it|that|this))\b",
    re.IGNORECASE,
)


def answer(talk: Talk) -> bool:
    """Solved, the next step, or on to the report; False for a message about something else."""
    choice = talk.chosen()
    if choice is None and _TRYING.fullmatch(talk.text):
        talk.say("help.wait")
        talk.ask("help", ("1", "solved"), ("2", "not_solved"))
    elif choice == "solved" or (choice is None and (SOLVED.search(talk.text) or talk.intent == "affirm")):
        _solved(talk)
    elif choice is None and _REFUSED.search(talk.text) and talk.intent != "ask_howto":
        _give_up(talk)
    elif choice == "not_solved" or NOT_SOLVED.search(talk.text) or talk.intent == "deny":
        _next(talk)
    elif {"phone", "address", "name", "purchase_date"} & set(talk.facts.slots):
        _give_up(talk)  # they are already answering the questions of the form
    else:
        return False
    return True


def _solved(talk: Talk) -> None:
    """A closed consultation ticket: the visit that was not needed is counted too (A4)."""
    article.counted(talk, solved=True)
    ticket = open_ticket(talk, kind="consultation", announce=False)
    move(
        talk.session,
        ticket,
        "close",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text="deflected by self-help",
    )
    follow(talk.session, talk.house, ticket, "close", at=talk.at)
    talk.state.forget_form()
    talk.say("help.solved", **words(talk, ticket))


def _next(talk: Talk) -> None:
    current = talk.session.get(Article, talk.state.article)
    told = telling(current, talk.language) if current else None
    talk.state.step += 1
    if current is None or told is None or talk.state.step >= len(told.steps):
        _give_up(talk)
    else:
        slots.keep_facts(talk)
        article.show(talk, current, told)


def _give_up(talk: Talk) -> None:
    article.counted(talk, solved=False)
    talk.drop_question()
    talk.say("help.not_solved")
    slots.keep_facts(talk)
    flow.proceed(talk)
