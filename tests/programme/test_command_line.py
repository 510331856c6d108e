"""Sales from the command line, and what ``frontdoor customer --json`` tells of surveys and follow-ups."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from tests.conftest import house_on
from tests.play import REPORT, Story
from tests.test_linking_commands import run


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str) -> Path:
    """A house where 王女士's air conditioner was repaired and she rated it."""
    house = house_on(sqlite_url)
    story = Story(house)
    story.play(REPORT)
    story.staff("done", story.tickets()[0]["number"])
    story.passes("25h")
    story.says("5")
    house.database.close()
    return tmp_path


def file_of(home: Path) -> dict:
    return json.loads(run(home, "customer", "13800138000", "--json").stdout)


def test_a_list_of_sales_and_the_customers_surveys_and_follow_ups(home: Path) -> None:
    sold = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=5)  # commands know no frozen clock
    due, brought = sold + timedelta(days=25), sold + timedelta(days=2)
    sheet = Workbook()
    sheet.active.append(["姓名", "电话", "品类", "品牌", "销售日期", "送货日期"])
    sheet.active.append(
        ["王女士", 13800138000, "洗衣机", "海尔", sold, f"{brought.year}年{brought.month}月{brought.day}日"]
    )
    sheet.active.append(["赵先生", "12", "空调", "美的", "2026-11-01", ""])
    sheet.active.append(["李先生", "13900139000", "飞船", "美的", "2026-11-01", ""])
    sheet.save(home / "sales.xlsx")
    done = run(home, "import", "sales", str(home / "sales.xlsx"))
    assert done.returncode == 1 and done.stdout.strip() == "1 sales"
    assert "sales.xlsx:3" in done.stderr and "“12”不是有效的电话号码" in done.stderr
    assert "sales.xlsx:4" in done.stderr and "“飞船”" in done.stderr

    record = file_of(home)
    (survey,) = record["surveys"]
    assert (survey["state"], survey["score"], survey["outcome"]) == ("answered", 5, "fixed")
    assert survey["ticket"] == record["tickets"][0]["number"] and survey["asked_via"] == "webchat"
    planned = {one["plan"]: one for one in record["follow_ups"]}
    assert planned["sale"]["state"] == "planned" and planned["sale"]["next_at"] == f"{due}T10:00:00+08:00"
    assert (
        planned["sale"]["device"]["brand"] == "海尔"
        and planned["sale"]["title"] == "售后首次回访（一个月内）"
    )
    washer = next(one for one in record["devices"] if one["brand"] == "海尔")
    assert (washer["sold_on"], washer["delivered_on"]) == (str(sold), str(brought))
    assert "售后首次回访" in run(home, "customer", "13800138000").stdout


def test_csv_and_files_that_are_none(home: Path) -> None:
    good = home / "sales.csv"
    good.write_text("phone,category,sold_on\n13700137000,tv,2026/11/2\n", "utf-8")
    assert run(home, "import", "sales", str(good)).stdout.strip() == "1 sales"
    bad = home / "sales.xlsx"
    bad.write_bytes(b"not a sheet")
    assert "读不懂文件 sales.xlsx" in run(home, "import", "sales", str(bad)).stderr
    good.write_text("phone,what\n1,2\n", "utf-8")
    assert "第一行要有列名" in run(home, "import", "sales", str(good)).stderr
