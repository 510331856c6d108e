"""The page of one session tells what its trainer and its head want to know: who waits, what was said, whether the lead answered."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from console import Outside
from core.customer.model import Conversation, Customer, Identity
from core.house import House
from core.media.model import Media
from core.media.retention import expire_recordings
from core.media.store import MediaStore
from core.staff.model import Reveal
from core.training.model import SCORES, Enrolment, TrainingReview, TrainingSession
from tests.console.conftest import Desk
from tests.console.test_files import MP3
from tests.console.test_training_scores import held
from tests.console.test_trainings import imports, planned

ROLL = [
    ["姓名", "电话"],
    ["吴敏", "13800138001"],
    ["何军", "13800138002"],
    ["刘洋", "13800138003"],
    ["马丽", "13800138004"],
]


def shown(desk: Desk, training: TrainingSession) -> str:
    return " ".join(desk.get(f"/trainings/{training.code}").text.split())


def test_seats_and_the_line_are_counted(desk: Desk) -> None:
    training = planned(desk)
    assert "空 2 个" in shown(desk, training)
    imports(desk, training, ROLL)
    page = shown(desk, training)
    assert "空 0 个 · 候补 2 人" in page and "候补 1</td>" in page.replace(" </td>", "</td>")
    assert page.index("候补 1<") < page.index("候补 2<")


def test_what_was_said_and_the_score_of_the_lead_are_shown(desk: Desk) -> None:
    training = held(desk, 3, 4)
    assert "客户负责人还没有评价" in shown(desk, training)
    with desk.house.database.session() as session:
        session.get_one(TrainingReview, 1).words = "投影看不清 <b>"
        session.commit()
    given = dict.fromkeys(SCORES, "5")
    desk.post(f"/trainings/{training.code}/do", what="lead_review", words="组织得好", **given)
    page = shown(desk, training)
    assert "客户负责人平均 5.0 分" in page and "组织得好" in page and "投影看不清 &lt;b&gt;" in page


def test_after_the_end_no_list_is_imported_and_a_mark_taken_back_is_absence(desk: Desk) -> None:
    training = planned(desk)
    assert "只试算" in shown(desk, training)
    desk.post(f"/trainings/{training.code}/do", what="walk_in", name="吴敏", phone="13800138001")
    assert "撤销签到" in shown(desk, training)
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "held"
        session.commit()
    page = shown(desk, training)
    assert "只试算" not in page and "改为缺席" in page and "现场补登" in page
    answer = desk.post(f"/trainings/{training.code}/do", what="absent", row=str(desk.row(Enrolment).id))
    assert desk.row(Enrolment).state == "absent"
    assert answer.url.fragment == f"row-{desk.row(Enrolment).id}", "one comes back to the line one was at"


def test_the_list_says_how_many_came_once_it_is_over(desk: Desk) -> None:
    training = planned(desk)
    imports(desk, training, ROLL)
    rows = " ".join(desk.get("/trainings").text.split())
    assert "2/2" in rows and "候补 2 人" in rows
    desk.post(f"/trainings/{training.code}/do", what="here", row=str(desk.row(Enrolment).id))
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "held"
        session.commit()
    rows = " ".join(desk.get("/trainings").text.split())
    assert "到 1 人" in rows and "2/2" not in rows and "候补" not in rows


def asked(desk: Desk, training: TrainingSession, phone: str, **facts: Any) -> int:
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        who = Customer(phone=phone, created_at=at)
        session.add(who)
        session.flush()
        facts = {"by": "trainee", "asked_at": at, **facts}
        review = TrainingReview(session_id=training.id, customer_id=who.id, **facts)
        session.add(review)
        session.commit()
        return review.id


def test_by_which_way_each_was_asked(desk: Desk) -> None:
    training = held(desk)
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "planned"
        session.commit()
    imports(desk, training, ROLL)
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "held"
        session.commit()
    asked(desk, training, "+8613800138001", asked_via="voice")
    asked(desk, training, "+8613800138002", asked_via="unreached")
    asked(desk, training, "+8613900139000", asked_via="staff", by="lead")
    rows = shown(desk, training).split('<tr id="row-')[1:]
    told = [row.split("问卷：")[1].split("<")[0] if "问卷：" in row.split("</tr>")[0] else "" for row in rows]
    assert told[:3] == ["电话", "电话没人接", ""]
    assert '还没有评价。 <span class="fd-sub">问卷：人工电话' in shown(desk, training)


def test_what_was_recorded_on_the_telephone_is_heard_and_that_is_written_down(
    house: House, tmp_path: Path
) -> None:
    store = MediaStore(tmp_path / "media")
    desk = Desk(house, Outside(media=store))
    training = held(desk)
    kept, at = store.put(MP3), house.clock.now()
    with house.database.session() as session:
        identity = Identity(
            channel="voice", account="", external_id="x", created_at=at, customer=Customer(created_at=at)
        )
        chat = Conversation(lane="voice::x", identity=identity, created_at=at, state={})
        session.add(chat)
        session.flush()
        row = Media(lane="media:1:0", due_at=at, attempt=0, status="done", inbox_id=1, conversation_id=chat.id,
                    channel="voice", provider_id="RE1", kind="voice", said_at=at, path=kept.path, mime=kept.mime)  # fmt: skip
        session.add(row)
        session.commit()
        number = row.id
    silent = asked(desk, training, "+8613800138001", asked_via="voice")
    review = asked(desk, training, "+8613800138002", asked_via="voice", recording_id=number)
    url = f"/trainings/{training.code}/said/"
    assert (
        f'<audio controls preload="none" src="/console{url}{review}">'
        in desk.get(f"/trainings/{training.code}").text
    )
    answer = desk.get(f"{url}{review}")
    assert (answer.content, answer.headers["content-type"]) == (MP3, "audio/mpeg")
    heard = desk.row(Reveal)
    assert (heard.subject, heard.field) == (f"training:{training.code}", "recording")
    assert desk.get(f"{url}{silent}").status_code == desk.get(f"{url}99").status_code == 404
    assert desk.get(f"/trainings/PX0000/said/{review}").status_code == 404
    expire_recordings_now(house, store)
    assert "已过保存期" in desk.get(f"/trainings/{training.code}").text
    assert desk.get(f"{url}{review}").status_code == 404


def expire_recordings_now(house: House, store: MediaStore) -> None:
    with house.database.session() as session:
        expire_recordings(session, store, days=1, now=house.clock.now() + timedelta(days=2))
        session.commit()
