from datetime import UTC, datetime
from pathlib import Path

import pytest

from revisit.records.problems import CallError
from revisit.visits.answers_words import AnswerMap
from revisit.visits.dispositions_file import DispositionRow, DispositionsReading, read_dispositions
from tests.visits.shop import faults, shop


def read(root: Path, text: str, own: AnswerMap | None = None) -> DispositionsReading:
    path = root / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    return read_dispositions(path, own or AnswerMap(), shop(root))


def test_it_reads_what_became_of_each_visit(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "工单号,服务站,回访结果,原因,回访日期,方式\n"
        "A1,湖滨站,拒访,,2026-11-21,电话\n"
        "A2,,no answer,,2026-11-21T09:00:00+08:00,微信\n"
        "A3,,excluded,车辆已售,,\n"
        "A4,,成功,,,\n"
        "A5,,空号,ignored,,\n",
    )
    noon = datetime(2026, 11, 21, 4, tzinfo=UTC)
    assert reading.bad == []
    assert reading.rows == [
        DispositionRow(2, "A1", "demo/lakeside", "declined", "", noon, "phone"),
        DispositionRow(3, "A2", "", "tried", "", datetime(2026, 11, 21, 1, tzinfo=UTC), "message"),
        DispositionRow(4, "A3", "", "excluded", "asset_sold", None, "phone"),
        DispositionRow(5, "A4", "", "nothing", "", None, "phone"),
        DispositionRow(6, "A5", "", "unreachable", "wrong_number", None, "phone"),
    ]


def test_it_refuses_an_unknown_word_and_a_missing_reason(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "number,outcome,reason,date\nA1,lost,,\nA2,excluded,,\nA3,excluded,bad mood,\nA4,tried,,someday\n,tried,,\n",
    )
    assert faults(reading) == [(2, "outcome"), (3, "reason"), (4, "reason"), (5, "date"), (6, "number")]
    assert "declined, unreachable, tried, excluded" in reading.bad[0].cure


def test_it_takes_words_from_a_map(tmp_path: Path) -> None:
    own = AnswerMap(
        columns={"disposition": ("status code",)},
        values={"disposition": {"declined": ("7",)}, "reason": {"duplicate": ("D",)}},
    )
    reading = read(tmp_path, "number,status code,reason\nA1,7,\nA2,excluded,d\n", own)
    assert [(row.what, row.reason) for row in reading.rows] == [("declined", ""), ("excluded", "duplicate")]


def test_it_reads_the_codes_of_aapor(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "number,disposition,reason\nA1,I,\nA2,p,\nA3,R,\nA4,NC,\nA5,O,\nA6,UO,\nA7,NE,sold\nA8,NI,\nA9,NI,opted out\n"
        "B1,NE,\nB2,NE,opted out\nB3,NI,sold\n",
    )
    assert [(row.number, row.what, row.reason) for row in reading.rows] == [
        ("A1", "nothing", ""),
        ("A2", "nothing", ""),
        ("A3", "declined", ""),
        ("A4", "tried", ""),
        ("A5", "tried", ""),
        ("A6", "unreachable", "wrong_number"),
        ("A7", "excluded", "asset_sold"),
        ("A8", "nothing", ""),
        ("A9", "excluded", "opted_out"),
    ]
    assert faults(reading) == [(10 + 1, "reason"), (11 + 1, "reason"), (12 + 1, "reason")]


def test_it_refuses_a_map_with_an_outcome_that_does_not_exist(tmp_path: Path) -> None:
    own = AnswerMap(values={"disposition": {"gone": ("7",)}})
    with pytest.raises(CallError, match='gives words for "gone"'):
        read(tmp_path, "number,disposition\nA1,7\n", own)
