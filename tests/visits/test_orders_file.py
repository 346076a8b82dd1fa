from pathlib import Path

import pytest

from revisit.records.problems import CallError
from tests.visits.shop import HARBOUR, LAKESIDE, TODAY, faults, read_text, shop

HEADER = (
    "工单号,结算日期,服务站,客户姓名,手机,邮箱,语言,车型,车牌号,技师,服务顾问,故障描述,付款方式,维修类型,身份证号\n"
)
GOOD = (
    "A1,2026-11-20,湖滨站,样例甲,13000000012,a@example.com,英文,轻风,沪A00012,"
    "技师甲,顾问甲,刹车  异响,自费,保养,310000\n"
)


def test_it_keeps_the_fields_it_knows_and_nothing_else(tmp_path: Path) -> None:
    reading = read_text(tmp_path, HEADER + GOOD)
    (row,) = reading.rows
    assert (row.number, row.unit, row.name, row.phone) == ("A1", "demo/lakeside", "样例甲", "+8613000000012")
    assert (row.email, row.language, row.asset, row.plate) == ("a@example.com", "en", "轻风", "沪A00012")
    assert (row.engineer, row.adviser, row.symptom) == ("技师甲", "顾问甲", "刹车 异响")
    assert row.facts == {"payer": "customer", "kind": "service"}
    assert "310000" not in repr(reading)


def test_it_reads_a_traditional_and_an_english_export(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path, "工單號,結帳日期,服務廠,行動電話,付費方\nA1,2026/11/20,海港站,+886912345678,保固\n", encoding="big5"
    )
    assert [(row.unit, row.phone, row.facts) for row in reading.rows] == [
        ("demo/harbour", "+886912345678", {"payer": "warranty"})
    ]
    english = read_text(tmp_path, "Work order;Completed on;Branch;Paid by\nWO-1;20.11.2026;harbour;Customer pay\n")
    assert [(row.unit, row.facts) for row in english.rows] == [("demo/harbour", {"payer": "customer"})]


def test_it_takes_headers_and_words_from_the_settings(tmp_path: Path) -> None:
    orders = {"columns": {"number": ("单据",)}, "values": {"payer": {"warranty": ("W",), "internal": ("自费",)}}}
    text = "单据,结算日期,服务站,付款方式\nA1,2026-11-20,湖滨站,w\nA2,2026-11-20,湖滨站,自费\n"
    assert [row.facts["payer"] for row in read_text(tmp_path, text, orders=orders).rows] == ["warranty", "internal"]


def test_it_names_a_setting_that_does_not_exist(tmp_path: Path) -> None:
    for orders in ({"columns": {"colour": ("x",)}}, {"values": {"payer": {"nobody": ("x",)}}}):
        with pytest.raises(CallError, match=r"revisit.toml: .*(colour|nobody).* is not a setting"):
            read_text(tmp_path, HEADER, orders=orders)


def test_it_tells_every_fault_of_a_row_with_its_column(tmp_path: Path) -> None:
    reading = read_text(tmp_path, HEADER + "1.2E+15,2027-01-01,城南站,,1.38E+10,nobody,,,,,,,挂账,,\n" + GOOD)
    assert faults(reading) == [
        (2, "工单号"),
        (2, "结算日期"),
        (2, "服务站"),
        (2, "手机"),
        (2, "邮箱"),
        (2, "付款方式"),
    ]
    assert all(bad.cure for bad in reading.bad)
    assert 'names = { export = "城南站" }' in str(reading.bad[2])
    assert (reading.bad_rows, len(reading.rows)) == (1, 1)


def test_it_leaves_orders_that_are_not_closed(tmp_path: Path) -> None:
    reading = read_text(tmp_path, "工单号,结算日期,服务站\nA1,,湖滨站\nA2,在修,湖滨站\nA3,-,湖滨站\n")
    assert (reading.not_closed, reading.rows, reading.bad) == (3, [], [])


def test_it_refuses_a_number_that_comes_twice(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path, "工单号,结算日期,服务站\nA1,2026-11-20,湖滨站\nA1,2026-11-20,海港站\nA1,2026-11-19,湖滨站\n"
    )
    assert [row.unit for row in reading.rows] == ["demo/lakeside", "demo/harbour"]
    assert [str(bad) for bad in reading.bad] == [
        'row 4, 工单号: The number "A1" already stands in row 2. Keep one of the two rows.'
    ]


def test_it_takes_the_foot_of_a_table_for_no_order(tmp_path: Path) -> None:
    reading = read_text(tmp_path, "工单号,结算日期,服务站\nA1,2026-11-20,湖滨站\n,合计 1 单,\n")
    assert len(reading.rows) == 1
    assert {bad.row for bad in reading.bad} == {3}


def test_it_takes_the_station_from_the_call(tmp_path: Path) -> None:
    text = "工单号,结算日期\nA1,2026-11-20\n"
    assert read_text(tmp_path, text, unit="湖滨站").rows[0].unit == "demo/lakeside"
    with pytest.raises(CallError, match="--unit ID"):
        read_text(tmp_path, text)
    with pytest.raises(CallError, match='no station "elsewhere"'):
        read_text(tmp_path, text, unit="elsewhere")


def test_it_leaves_rows_where_they_name_their_station(tmp_path: Path) -> None:
    text = "工单号,结算日期,服务站\nA1,2026-11-20,海港站\nA2,2026-11-20,\n"
    assert [row.unit for row in read_text(tmp_path, text, unit="lakeside").rows] == ["demo/harbour", "demo/lakeside"]


def test_it_takes_today_and_refuses_tomorrow(tmp_path: Path) -> None:
    reading = read_text(tmp_path, f"工单号,结算日期,服务站\nA1,{TODAY},湖滨站\nA2,2026-11-23,湖滨站\n")
    assert ([row.number for row in reading.rows], faults(reading)) == (["A1"], [(3, "结算日期")])


def test_it_leaves_unknown_kinds_out_and_counts_them(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path, "工单号,结算日期,服务站,维修类型\nA1,2026-11-20,湖滨站,年检\nA2,2026-11-20,湖滨站,年检\n"
    )
    assert [row.facts for row in reading.rows] == [{}, {}]
    assert '"年检" is no known kind of order (2 rows)' in reading.remarks[0]


def test_it_refuses_garbled_and_hidden_text(tmp_path: Path) -> None:
    garbled = "湖滨站".encode().decode("gb18030", "replace")
    reading = read_text(
        tmp_path,
        f"工单号,结算日期,服务站,客户姓名\nA1,2026-11-20,湖滨站,{garbled}\n"
        f"A2,2026-11-20,湖滨站,a\x00b\nA3,2026-11-20,湖滨站,{'x' * 201}\n"
        "A4,2026-11-20,湖滨站,\u202egnp\n",
    )
    assert faults(reading) == [(2, "客户姓名"), (3, "客户姓名"), (4, "客户姓名"), (5, "客户姓名")]


def test_it_keeps_words_as_words(tmp_path: Path) -> None:
    script = "<img src=x onerror=alert(1)>"
    (row,) = read_text(tmp_path, f"工单号,结算日期,服务站,车型\nA1,2026-11-20,湖滨站,{script}\n").rows
    assert row.asset == script


def test_it_knows_stations_by_every_name(tmp_path: Path) -> None:
    organisation = shop(tmp_path).organisation
    assert organisation.named(" 湖滨站 ") == LAKESIDE
    assert organisation.named("HARBOUR") == HARBOUR
