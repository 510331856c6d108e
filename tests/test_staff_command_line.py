"""``frontdoor staff``: chats of staff, from the command line."""

from pathlib import Path

from core.database import Database
from core.staff.model import Staff
from tests.server import Server


def people(server: Server) -> dict[str, tuple[str | None, str | None]]:
    database = Database(f"sqlite:///{server.home / 'frontdoor.db'}")
    with database.reading() as session:
        found = {person.name: (person.wecom_id, person.telegram_id) for person in session.query(Staff)}
    database.close()
    return found


def test_chats_are_given_changed_and_cleared(tmp_path: Path) -> None:
    server = Server(tmp_path)
    assert server.run("db", "upgrade").returncode == 0
    added = server.run(
        "staff", "add", "李工", "--role", "technician", "--wecom", "LiGong", "--telegram", "77001"
    )
    assert added.returncode == 0 and added.stdout.startswith("李工 ")
    assert people(server) == {"李工": ("LiGong", "77001")}
    for wrong in ("@all", "LiGong|ZhaoJingLi", "a b", "李工", "x" * 65, "ligong"):
        refused = server.run("staff", "add", "赵经理", "--role", "manager", "--wecom", wrong)
        assert refused.returncode == 2 and "不能用作企业微信账号" in refused.stderr, wrong
    assert people(server) == {"李工": ("LiGong", "77001")}
    server.run("staff", "add", "李工", "--role", "technician", "--wecom", "")
    assert people(server) == {"李工": (None, "77001")}


def test_a_code_is_printed(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.run("db", "upgrade")
    server.run("staff", "add", "李工", "--role", "technician")
    made = server.run("staff", "link", "李工")
    assert made.returncode == 0 and len(made.stdout.splitlines()[0]) == 16
    nobody = server.run("staff", "link", "王五")
    assert nobody.returncode == 1 and "没有叫“王五”" in nobody.stderr


def test_an_address_is_given_and_refused(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.run("db", "upgrade")
    assert (
        server.run("staff", "add", "李工", "--role", "technician", "--email", "li@example.com").returncode
        == 0
    )
    for wrong in ("li", "a@b.cn,c@d.cn", "a@b.cn\nBcc: c@d.cn", "LI@example.com"):
        refused = server.run("staff", "add", "赵经理", "--role", "manager", "--email", wrong)
        assert refused.returncode == 2 and "不能用作电子邮件账号" in refused.stderr, wrong
