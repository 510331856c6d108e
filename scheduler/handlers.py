"""Which use case keeps which kind of promise."""

from core.asked.unsaid import keep_asked_private
from core.call.ended import keep_call_again, keep_call_unheard
from core.care.abandoned import keep_intake_abandoned
from core.care.keep import keep_follow_up, keep_survey, keep_survey_unanswered
from core.care.remind import keep_reminder
from core.customer.claim import keep_proof_over
from core.escalation.keep import keep_chain_step
from core.groups.end import keep_group_end
from core.groups.invite import keep_group_invite
from core.groups.lead_in import keep_group_places, keep_group_waiting
from core.groups.link import keep_group_link
from core.groups.read_back import keep_group_confirm
from core.groups.search import keep_group_look
from core.programme.keep import keep_plan, keep_plan_unanswered
from core.programme.round import keep_plan_round
from core.promise.keep import keep_clock
from core.promise.sweep import Handler
from core.quality.telling import keep_incident_over, keep_incident_tell
from core.staff.answers import keep_push_again
from core.training.asking import keep_training_review
from core.training.ended import keep_training_ended
from core.training.joined import keep_training_seat
from core.training.news import keep_training_news, keep_training_reminder
from core.training.report import keep_training_report

HANDLERS: dict[str, Handler] = {
    "sla_reply": keep_clock,
    "sla_on_site": keep_clock,
    "sla_solved": keep_clock,
    "sla_verify": keep_clock,
    "asked_private": keep_asked_private,
    "appointment_reminder": keep_reminder,
    "chain_step": keep_chain_step,
    "call_again": keep_call_again,
    "call_unheard": keep_call_unheard,
    "follow_up": keep_follow_up,
    "group_confirm": keep_group_confirm,
    "group_end": keep_group_end,
    "group_invite": keep_group_invite,
    "group_link": keep_group_link,
    "group_look": keep_group_look,
    "group_places": keep_group_places,
    "group_waiting": keep_group_waiting,
    "incident_over": keep_incident_over,
    "incident_tell": keep_incident_tell,
    "intake_abandoned": keep_intake_abandoned,
    "plan": keep_plan,
    "plan_round": keep_plan_round,
    "plan_unanswered": keep_plan_unanswered,
    "proof_over": keep_proof_over,
    "survey": keep_survey,
    "survey_unanswered": keep_survey_unanswered,
    "push_again": keep_push_again,
    "training_ended": keep_training_ended,
    "training_news": keep_training_news,
    "training_reminder": keep_training_reminder,
    "training_report": keep_training_report,
    "training_review": keep_training_review,
    "training_seat": keep_training_seat,
}
