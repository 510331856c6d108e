"""The customer does not want to go on with what was begun."""

import re

from core.dialogue.talk import Talk

STOP = re.compile(
    r"(?:不报(?:修)?了|不修了|算了|取消|不用了|不要了|先不弄了|停|停止|退出|取消报修|不想报了|stop|quit|exit|cancel|never ?mind)(?:吧|了|啊|[,，]?谢谢)*[。.!！]*",
    re.IGNORECASE,
)


def stop(talk: Talk) -> None:
    """The customer does not want to go on. A ticket filed early stays; a draft is dropped."""
    early, training = talk.state.ticket, talk.state.form in ("enrolment", "training")
    talk.state.forget_form()
    if training and not early:
        talk.say("training.stopped")
    elif early:
        talk.say("intake.stopped_early", number=early)
    else:
        talk.say("intake.stopped")
