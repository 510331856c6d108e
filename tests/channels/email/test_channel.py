"""E-mail against a mail server on a real socket: what a mail holds, and what each refusal means."""

from collections.abc import Iterator

import pytest

from app.channel_settings import channel_problems, is_on
from app.settings import Settings
from bot.email.check import check
from core.house import House
from core.messaging.channel import Later, Never, Outgoing
from tests.channels.email.rig import LI, channel_to
from tests.providers.smtp.server import DROP, SmtpServer

TEXT = "【紧急】WX261126-0001 漏电 空调｜着火了｜王女士 13800138000 幸福路1号｜请立即联系客户"
ALERT = {"push": "emergency:1", "chain_step": 7, "language": "zh"}


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as made:
        yield made


def push(text: str = TEXT, **more: object) -> Outgoing:
    return Outgoing(key="emergency:1:李工:1.0", recipient=LI, text=text, id=5, extra={**ALERT, **more})


def test_an_alert_says_how_to_take_it_and_its_subject_names_no_customer(
    server: SmtpServer, house: House
) -> None:
    receipt = channel_to(server, house).send(push())
    (mail,) = server.mails
    assert mail["Subject"] == "【紧急】 WX261126-0001" and mail["Message-ID"] == receipt
    assert mail["From"] == "售后服务 <service@example.com>" and mail["To"] == LI
    assert server.envelopes == [("service@example.com", LI)] and mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert TEXT in body and "https://desk.example.com/console/escalation" in body and "按1" in body


def test_in_english_and_without_an_address_of_ours(server: SmtpServer, house: House) -> None:
    channel_to(server, house, "").send(push("[EMERGENCY] WX261126-0001 leak", language="en"))
    (mail,) = server.mails
    assert mail["Subject"] == "[EMERGENCY] WX261126-0001"
    assert "log in to the console" in mail.get_content() and "http" not in mail.get_content()


@pytest.mark.parametrize(
    "text",
    [
        "【紧急】\r\nBcc: thief@example.com\r\n\r\nhi",
        "【紧\n急】Bcc: thief@example.com",
        "王\r\nBcc: x@example.com",
    ],
)
def test_no_text_gets_into_a_header(server: SmtpServer, house: House, text: str) -> None:
    channel_to(server, house).send(push(text))
    (mail,) = server.mails
    assert mail["Bcc"] is None and "thief" not in mail["Subject"] and mail["Subject"]
    assert server.envelopes == [("service@example.com", LI)]


@pytest.mark.parametrize("address", ["li@example.com\r\nBcc: x@example.com", "a@b.cn, c@d.cn", "nobody", ""])
def test_what_is_no_address_is_sent_to_nobody(server: SmtpServer, house: House, address: str) -> None:
    with pytest.raises(Never):
        channel_to(server, house).send(Outgoing(key="k", recipient=address, text=TEXT, extra=ALERT))
    assert server.mails == []


@pytest.mark.parametrize("command", ["CONNECT", "MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize(("answer", "failure"), [("450 busy", Later), ("554 refused", Never), (DROP, Later)])
def test_what_a_refusal_means(
    server: SmtpServer, house: House, command: str, answer: str, failure: type[Exception]
) -> None:
    server.fail(command, answer)
    with pytest.raises(failure) as refused:
        channel_to(server, house).send(push())
    assert answer == DROP or answer in str(refused.value)
    assert not getattr(refused.value, "lost", False)


def test_said_twice_at_worst_under_the_same_message_id(server: SmtpServer, house: House) -> None:
    channel = channel_to(server, house)
    server.fail("BODY", DROP)
    with pytest.raises(Later):
        channel.send(push())
    receipt = channel.send(push())
    assert [mail["Message-ID"] for mail in server.mails] == [receipt, receipt]


@pytest.mark.parametrize("answer", [DROP, "451 no"])
def test_how_the_session_closes_changes_nothing(server: SmtpServer, house: House, answer: str) -> None:
    server.fail("QUIT", answer)
    assert channel_to(server, house).send(push()) and len(server.mails) == 1


def test_a_mail_cannot_be_changed_afterwards(server: SmtpServer, house: House) -> None:
    assert channel_to(server, house).send(push(edit="<1@example.com>")) == "<1@example.com>"
    assert server.mails == []


def test_the_check_opens_a_session_and_says_what_is_wrong(server: SmtpServer) -> None:
    settings = Settings(
        smtp_host="127.0.0.1", smtp_port=server.port, smtp_from="a@example.com", smtp_security="none"
    )
    assert [found.key for found in check(settings)] == ["check.smtp.open", "check.smtp.no_link"]
    plain = settings.model_copy(update={"smtp_security": "starttls"})
    assert [(found.ok, found.key) for found in check(plain)] == [(False, "check.smtp.away")]
    assert server.mails == []


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"smtp_from": ""}, "SMTP_FROM"),
        ({"smtp_from": "a@example.com\nBcc: b@example.com"}, "SMTP_FROM"),
        ({"smtp_security": "tls"}, "SMTP_SECURITY"),
        ({"smtp_user": "me"}, "SMTP_PASSWORD"),
        ({"smtp_user": "me", "smtp_password": "x", "smtp_security": "none"}, "SMTP_SECURITY"),
        ({"smtp_port": 70000}, "SMTP_PORT"),
    ],
)
def test_settings_that_are_wrong_are_named(wrong: dict[str, object], name: str) -> None:
    good = Settings(smtp_host="mail.example.com", smtp_from="售后 <a@example.com>")
    assert channel_problems(good) == [] and is_on(good, "smtp")
    (problem,) = channel_problems(good.model_copy(update=wrong))
    assert name in problem
