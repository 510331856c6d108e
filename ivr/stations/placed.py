"""What calls that we place ask: how it was, whether the visit suits, who takes the alert."""

from core.care.case import remark
from core.care.notice import moment, ticket_words
from core.care.optout import opt_out
from core.care.rating import rate
from core.dialogue.score import score_of
from core.staff.answers import Doing, hand_up, later, take
from core.staff.people import named
from core.staff.push import facts
from core.staff.refusal import Refused
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import asked, listening, no_answer, one_key, otherwise
from ivr.speak import Speak
from ivr.spoken import digits
from ivr.station import Missed

OPT_OUT = "8"
THANKS = {"thanked": "voice.out.survey.thanks", "changed": "voice.out.survey.thanks"}


def _ticket(line: Line) -> Ticket:
    return line.session.get_one(Ticket, line.call.ticket_id, with_for_update=True)


class SurveyStation:
    """1 to 5, by key or in words; 8 no more such calls; 0 a person."""

    def ask(self, line: Line) -> Speak:
        words = ticket_words(line.house, _ticket(line), line.language)
        return asked(line, line.text("voice.out.survey.ask", **words), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == OPT_OUT:
            return _no_more(line)
        score = int(heard.keys) if heard.keys in tuple("12345") else score_of(heard.speech)
        if score is None:
            return otherwise(line, heard, no_answer)
        ticket = _ticket(line)
        came = rate(line.session, line.house, ticket, score, at=line.at, actor=_who(ticket), channel="voice")
        if heard.speech:
            remark(line.session, ticket, heard.words[:500])
            note(line.session, ticket, verb="comment", at=line.at, actor=_who(ticket), channel="voice",
                 text=heard.words[:500])  # fmt: skip
        line.state.mark("rated")
        line.say(THANKS.get(came, f"voice.out.survey.{came}"))
        line.go("goodbye")
        return None


def _no_more(line: Line) -> None:
    ticket = _ticket(line)
    opt_out(line.session, ticket.customer, at=line.at)
    note(line.session, ticket, verb="opt_out", at=line.at, actor=_who(ticket), channel="voice")
    line.state.mark("opted_out")
    line.say("voice.out.opted_out")
    line.go("goodbye")


def _who(ticket: Ticket) -> str:
    return ticket.name or "customer"


class AppointmentStation:
    """1 it suits, 2 another time (the dialogue asks which), 0 a person."""

    def ask(self, line: Line) -> Speak:
        ticket = _ticket(line)
        words = ticket_words(line.house, ticket, line.language)
        return asked(line, line.text("voice.out.appointment.ask", **words), listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        ticket = _ticket(line)
        if (
            heard.keys == "1"
            or heard.speech[:1] in ("好", "对", "是", "行")
            or heard.speech[:2] in ("可以", "确认", "没问", "ye", "ok")
        ):
            note(line.session, ticket, verb="visit_confirmed", at=line.at, actor=_who(ticket), channel="voice",
                 text=moment(line.house, ticket.appointment_at))  # fmt: skip
            line.state.mark("confirmed")
            line.say("voice.out.appointment.thanks")
            line.go("goodbye")
            return None
        if heard.keys == "2" or (heard.speech and not heard.keys):
            line.state.mark("rescheduled")
            wish = line.text("voice.words.reschedule")
            return Words(f"{wish}，{heard.speech}" if heard.speech else wish)
        return otherwise(line, heard)


class AlertStation:
    """按1接单，2转上级，3三十分钟后: the answers of the buttons in the staff's chats. No customer's name or number is spoken."""

    def ask(self, line: Line) -> Speak:
        ticket = _ticket(line)
        said = facts(line.house, ticket, line.language)
        safe = {k: said[k] for k in ("kind", "severity", "category", "symptom")}
        text = line.text("voice.out.alert.ask", number=digits(ticket.number), **safe)
        return asked(line, text, listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        if heard.keys == "9" or heard.silent:
            if heard.keys:
                return None
            raise Missed
        answer = ANSWERS.get(one_key(heard))
        person = named(line.session, (line.call.order or {}).get("staff"))
        if answer is None or person is None or not person.active:
            raise Missed
        mark, act, wording = answer
        doing = Doing(line.session, line.house, person, _ticket(line), line.at, "voice", line.call.sid)
        try:
            told = act(line, doing)
        except Refused as refused:
            line.said.append(line.house.book.text(refused.key, line.language, **refused.values))
        else:
            line.say(wording, told=told)
        line.state.mark(mark)
        line.go("goodbye")
        return None


def _later(line: Line, doing: Doing) -> str:
    return later(doing, (line.call.order or {})["facts"]["text"])


ANSWERS = {
    "1": ("accepted", lambda _line, doing: take(doing), "voice.out.alert.taken"),
    "2": ("handed_up", lambda _line, doing: hand_up(doing), "voice.out.alert.handed_up"),
    "3": ("snoozed", _later, "voice.out.alert.later"),
}
