"""Which use case keeps which kind of promise."""

from core.call.ended import keep_call_again, keep_call_unheard
from core.care.abandoned import keep_intake_abandoned
from core.care.keep import keep_follow_up, keep_survey, keep_survey_unanswered
from core.care.remind import keep_reminder
from core.customer.claim import keep_proof_over
from core.promise.keep import keep_reply, keep_solved
from core.promise.sweep import Handler
from core.staff.answers import keep_push_again

HANDLERS: dict[str, Handler] = {
    "sla_reply": keep_reply,
    "sla_solved": keep_solved,
    "appointment_reminder": keep_reminder,
    "call_again": keep_call_again,
    "call_unheard": keep_call_unheard,
    "follow_up": keep_follow_up,
    "intake_abandoned": keep_intake_abandoned,
    "proof_over": keep_proof_over,
    "survey": keep_survey,
    "survey_unanswered": keep_survey_unanswered,
    "push_again": keep_push_again,
}
