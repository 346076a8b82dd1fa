import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.asked import find_period, find_survey, find_unit
from revisit.flows.reporting.findings import comments, findings
from revisit.forms.series import note_weights
from revisit.forms.versions import keep
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.problems import CallError
from revisit.records.responses import Answer, Response
from revisit.records.survey import Composite, Survey
from revisit.settings import Settings, load
from revisit.store import open_store
from revisit.store.protocol import OrderEntry, Store
from tests.findings.samples import CUTOFF, REPAIR, made_evidence, records, response, visit

TOML = """
timezone = "Asia/Shanghai"
[organisation]
id = "network"
name = "Example Motors"
[[units]]
id = "harbour"
name = "Harbour Station"
names = {zh-Hans = "海港站"}
[[units]]
id = "hillside"
[[units]]
id = "lakeside"
[[units]]
id = "north"
[[units]]
id = "riverside"
"""
NOW = {"REVISIT_NOW": CUTOFF.isoformat()}


def entry(name: str, day: date, *, unit: str = "network/lakeside", engineer: str = "") -> OrderEntry:
    person = Contact(f"c-{name}", name="甄真实")
    order = RepairOrder(f"o-{name}", name, unit, day, person.id, engineer=engineer, adviser="Pat Example")
    return OrderEntry(order, person, visit(name, unit=order.earned_by, day=day))


def dated(one: OrderEntry) -> OrderEntry:
    """Give the records ids that carry their month, as those of the store do."""
    month = f"{one.visit.day:%y%m}"
    order, contact = f"{month}-{one.order.id}", f"{month}-{one.contact.id}"
    return OrderEntry(
        replace(one.order, id=order, contact_id=contact),
        replace(one.contact, id=contact),
        replace(one.visit, id=f"{month}-{one.visit.id}", order_id=order),
    )


def fill(store: Store, responses: list[Response], entries: list[OrderEntry]) -> None:
    store.add_orders(Batch("2608-orders", "orders.csv", CUTOFF, len(entries)), [dated(one) for one in entries])
    filed = [
        replace(
            one,
            partition=store.partition(one.survey, one.day),
            visit_id=one.visit_id and f"{one.day:%y%m}-{one.visit_id}",
        )
        for one in responses
    ]
    store.add_responses(Batch("2608-answers", "answers.csv", CUTOFF, len(filed), "responses"), filed)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "revisit.toml").write_text(TOML, encoding="utf-8")
    keep(tmp_path / "data" / "versions", REPAIR)
    return tmp_path


@pytest.fixture
def settings(workspace: Path) -> Settings:
    return load(workspace, {})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with closing(open_store(settings.workspace)) as opened:
        yield opened


def test_it_reads_the_store_and_leaves_nothing_out(store: Store, settings: Settings) -> None:
    evidence = made_evidence("lakeside")
    entries = [
        OrderEntry(RepairOrder(one.order_id, one.id, one.unit, one.day, "c"), Contact("c"), one)
        for one in evidence.visits
    ]
    fill(store, records(evidence), entries)
    unit = find_unit(settings, "lakeside")
    found = findings(store, settings, REPAIR, unit, date(2026, 7, 1), date(2026, 9, 30), CUTOFF)
    example = json.loads((Path(__file__).parent / "example_station.json").read_text(encoding="utf-8"))
    for block in ("coverage", "items", "dimensions", "csi", "csat", "nps", "trend", "headline"):
        assert found[block] == example[block], block
    closed = [one for one in store.orders() if date(2026, 7, 1) <= one.closed_on <= date(2026, 9, 30)]
    whole = findings(store, settings, REPAIR, settings.organisation.root, date(2026, 7, 1), date(2026, 9, 30), CUTOFF)
    assert whole["coverage"]["orders"] == len(closed)


def commented(count: int, text: str, unit: str = "network/lakeside") -> list[Response]:
    return [
        response(
            f"r{place}",
            {"comment": Answer("answered", text.format(place)), "overall": Answer("answered", 2)},
            unit=unit,
        )
        for place in range(count)
    ]


def test_comments_are_masked_and_without_order(store: Store, settings: Settings) -> None:
    day = date(2026, 8, 3)
    texts = commented(10, "{}号：甄真实和Pat Example、Li Engineer都在，电话13000000012", "network/lakeside/Li Engineer")
    fill(store, texts, [entry("n1", day, engineer="Li Engineer")])
    unit = find_unit(settings, "lakeside")
    found = comments(store, settings, REPAIR, unit, day, day)
    assert {one.question for one in found} == {"comment"}
    assert sorted(one.text for one in found) == [f"{place}号：***和***、***都在，电话***" for place in range(10)]
    assert [one.text for one in found] != sorted(one.text for one in found)


def test_comments_of_fewer_than_ten_customers_are_kept_back(store: Store, settings: Settings) -> None:
    day = date(2026, 8, 3)
    fill(store, commented(9, "words {}"), [entry("n1", day)])
    assert comments(store, settings, REPAIR, find_unit(settings, "lakeside"), day, day) == []


def test_blank_comments_are_none(store: Store, settings: Settings) -> None:
    day = date(2026, 8, 3)
    fill(store, commented(12, "  "), [entry("n1", day)])
    assert comments(store, settings, REPAIR, find_unit(settings, "lakeside"), day, day) == []


def test_units_are_found_by_any_name_and_misspelt_ones_are_guessed(settings: Settings) -> None:
    assert find_unit(settings).id == "network"
    assert find_unit(settings, "海港站").id == "harbour"
    assert find_unit(settings, "HARBOUR station").id == "harbour"
    with pytest.raises(CallError, match=r'There is no unit "lakeside1"\. Did you mean "lakeside"\?'):
        find_unit(settings, "lakeside1")


def test_surveys_are_found_and_misspelt_ones_are_guessed(settings: Settings, tmp_path: Path) -> None:
    assert find_survey(settings).name == "repair"
    with pytest.raises(CallError, match=r'Did you mean "repair"\?'):
        find_survey(settings, "repairs")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "revisit.toml").write_text(TOML, encoding="utf-8")
    with pytest.raises(CallError, match="revisit build"):
        find_survey(load(empty, {}))


def test_the_period_is_the_last_closed_month_at_the_unit(settings: Settings) -> None:
    root = settings.organisation.root
    late_in_october = datetime(2026, 10, 31, 17, tzinfo=UTC)  # already November in Shanghai
    assert find_period(settings, late_in_october, root).word == "2026-10"
    assert find_period(settings, CUTOFF, root, "2026-Q3").word == "2026-Q3"
    assert find_period(settings, CUTOFF, root, "", ("2026-07-01", "2026-07-31")).word == "2026-07"
    for word, days, sentence in [
        ("2026-Q3", ("2026-07-01", ""), "not both"),
        ("", ("2026-07-01", ""), "both --from and --to"),
        ("", ("2026-07-32", "2026-08-01"), "no day"),
        ("2026-Q9", ("", ""), "quarters 1 to 4"),
    ]:
        with pytest.raises(CallError, match=sentence):
            find_period(settings, CUTOFF, root, word, days)


def test_an_engineer_is_found_by_path_and_keeps_answers_where_they_were_earned(
    store: Store, settings: Settings
) -> None:
    day = date(2026, 8, 3)
    moved = [entry("n1", day, engineer="Li"), entry("n2", day, unit="network/hillside", engineer="Li")]
    earned = [
        response(f"{unit}{place}", {"overall": Answer("answered", score)}, unit=f"network/{unit}/Li")
        for unit, score in (("lakeside", 5), ("hillside", 1))
        for place in range(10)
    ]
    fill(store, earned, moved)
    unit = find_unit(settings, "network/hillside/Li", store)
    assert (unit.kind, unit.name) == ("engineer", "Li")
    assert findings(store, settings, REPAIR, unit, day, day, CUTOFF)["items"]["overall"]["mean"] == 1
    with pytest.raises(CallError):
        find_unit(settings, "network/hillside/Wu", store)


def run(workspace: Path, *words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["-C", str(workspace), "findings", *words], env=NOW)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_the_object_and_a_table(workspace: Path, store: Store) -> None:
    ours = [one for one in records(made_evidence()) if one.visit_id is not None]
    fill(store, ours, [])
    store.close()
    code, out, err = run(workspace, "--period", "2026-Q3", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["responses"]["n"] == 201
    again = run(workspace, "--period", "2026-Q3", "--json")
    assert again[1] == out
    code, out, err = run(workspace, "--period", "2026-Q3")
    assert (code, err) == (0, "")
    assert "…" not in out
    for words in (
        "Example Motors · repair · Q3 2026",
        "CSI",
        "speed",
        "95 % interval",
        "No repair orders and no visits belong to this period",
        "lakeside",
        "201",
    ):
        assert words in out
    assert "- The share of satisfied customers misses its target of 90%" in out
    code, out, err = run(workspace, "--period", "2026-Q3", "--say", "zh-Hant")
    assert (code, err) == (0, "")
    assert "- 滿意率未達目標90%" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--unit", "lakesid"), 'Did you mean "lakeside"?'),
        (("--survey", "repare"), 'Did you mean "repair"?'),
        (("--period", "Q3"), "Write a period as"),
        (("--from", "2026-08-02", "--to", "2026-08-01"), "Swap the two days"),
    ],
)
def test_a_wrong_call_says_what_to_write(workspace: Path, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = run(workspace, *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_composites_have_their_names_and_their_series_from_what_was_published(store: Store, settings: Settings) -> None:
    def published(name: str, language: str, **weights: float) -> Survey:
        one = replace(
            REPAIR, language=language, source_language="en", text_hash=language.encode().hex().zfill(16)[-16:]
        )
        return replace(one, composites=(Composite("loyalty", name, weights),))

    folder = settings.workspace.versions
    before, now = {"overall": 1.0}, {"overall": 0.5, "recommend": 0.5}
    for day, weights in ((date(2026, 1, 5), before), (date(2026, 8, 1), now)):
        surveys = published("Loyalty", "en", **weights), published("忠诚度", "zh-Hans", **weights)
        note_weights(folder, surveys, day)
        keep(folder, *surveys)
    fill(store, records(made_evidence("lakeside")), [])
    unit, survey = find_unit(settings, "lakeside"), published("忠诚度", "zh-Hans", **now)
    found = findings(store, settings, survey, unit, date(2026, 8, 1), date(2026, 8, 31), CUTOFF)
    block = found["composites"]["loyalty"]
    assert block["names"] == {"en": "Loyalty", "zh-Hans": "忠诚度"}
    assert (block["weights"], block["weights_since"], block["change"]) == (now, "2026-08-01", None)
    assert [row["series"] for row in found["trend"] if row["metric"] == "loyalty"][-2:] == [0, 1]
    july = findings(store, settings, survey, unit, date(2026, 7, 1), date(2026, 7, 31), CUTOFF)["composites"]["loyalty"]
    assert july["weights"] == before
    assert july["change"] is not None
