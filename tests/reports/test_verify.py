import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.reporting import compare_report, report_data
from revisit.flows.reporting.compare_report import compare
from revisit.flows.reporting.draw_report import draw, made_with
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.report_data import fingerprints
from revisit.flows.reporting.verify import Check, Verdict, say
from revisit.forms import versions
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.problems import CallError
from revisit.records.visits import Visit
from revisit.reports import child
from revisit.reports.errors import ReportError
from revisit.reports.inside import attachments
from revisit.settings import Key, Settings, keys_path, load_keys, new_keys, replace_keys, rotated
from revisit.store.protocol import OrderEntry, Scope, Store
from tests.reports.workspaces import AT, PERIOD, answer, change_records, drop_two


@pytest.fixture(scope="module")
def drawn() -> list[bytes]:
    """Hold what was drawn: every test of this module begins with the same records, so once is enough."""
    return []


@pytest.fixture
def content(settings: Settings, answered: int, drawn: list[bytes]) -> bytes:
    """Draw a weekly note: it is short, and made and verified as every other report."""
    assert answered
    if not drawn:
        job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
        drawn.append(draw(job).content)
    return drawn[0]


def rewritten(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Give a PDF as a forger would save it."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(saved)
    return saved.getvalue()


def test_it_says_same_of_an_untouched_report(settings: Settings, content: bytes) -> None:
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.figures, verdict.pages, verdict.issued) == ("same", (), (), False)
    assert say(verdict).startswith("same. ")


def test_it_says_same_of_a_report_that_was_only_saved_anew(settings: Settings, content: bytes) -> None:
    saved = rewritten(content, lambda _pdf: None)
    assert saved != content
    assert compare(Check(settings, saved)).answer == "same"


def forged_file(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(pdf, content)  # type: ignore[call-arg]  # its stubs ask for what has defaults


def test_it_names_the_figures_that_one_altered_answer_changed(settings: Settings, content: bytes) -> None:
    def alter(rows: dict[str, dict[str, object]]) -> None:
        answers = rows[min(rows)]["answers"]
        assert isinstance(answers, dict)
        answers["overall"]["value"] = 1

    change_records(settings, alter)
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.altered, verdict.gone, verdict.added) == ("changed", 1, 0, 0)
    assert "items.overall.mean" in verdict.figures
    assert not any(name.startswith("dimensions.") for name in verdict.figures)
    assert "1 altered" in say(verdict)


def test_it_counts_the_answers_that_were_erased_since(settings: Settings, content: bytes) -> None:
    change_records(settings, drop_two)
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.gone, verdict.altered) == ("fewer", 2, 0)
    assert say(verdict).startswith("2 answers erased or expired since, the rest same.")


def test_nobody_without_the_keys_finds_an_answer_by_its_fingerprint(
    settings: Settings, store: Store, answered: int
) -> None:
    assert answered
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    made = list(store.responses("repair", Scope("all", *PERIOD)))
    # Who knows the id of an answer, as that of an imported one can be known, and its codes, has the plain hashes.
    guessed = set(fingerprints(made, survey, b""))
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
    carried = json.loads(attachments(draw(job).content)["report.json"])["asked"]
    assert (len(carried["answers"]), carried["key"]) == (len(made), "0123abcd")
    parts = {part for one in carried["answers"] for part in one.split(":")}
    assert made
    assert not parts & {part for one in guessed for part in one.split(":")}


def test_a_rotated_key_verifies_and_a_lost_one_is_told(settings: Settings, content: bytes) -> None:
    path = keys_path(settings.workspace.root, {})
    kept = load_keys(settings.workspace.root, {})
    replace_keys(path, rotated(kept, "audit"))
    assert compare(Check(settings, content)).answer == "same"
    replace_keys(path, new_keys())
    with pytest.raises(CallError, match=r'signed with the key "0123abcd", which is no longer under \[audit\]'):
        compare(Check(settings, content))
    path.unlink()
    with pytest.raises(CallError, match=r"keys file .* is missing"):
        compare(Check(settings, content))


def test_a_report_from_before_there_was_a_key_verifies(
    settings: Settings, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered
    monkeypatch.setattr(report_data, "_key", lambda _root, _key_id: Key("", b""))
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
    old = draw(job).content
    assert "key" not in json.loads(attachments(old)["report.json"])["asked"]
    monkeypatch.undo()
    verdict = compare(Check(settings, old))
    assert (verdict.answer, verdict.altered, verdict.gone) == ("same", 0, 0)


def test_free_days_do_not_leave_the_station(settings: Settings) -> None:
    days = (date(2026, 7, 1), date(2026, 7, 20))
    job = Job(settings, "repair", settings.organisation.root, *days, "en", AT, level="region")
    with pytest.raises(CallError, match="neither a week, a month, a quarter nor a year"):
        draw(job)


def test_it_takes_no_offence_at_an_erased_comment(settings: Settings, content: bytes) -> None:
    def erase(rows: dict[str, dict[str, object]]) -> None:
        for row in rows.values():
            answers = row["answers"]
            assert isinstance(answers, dict)
            answers["comment"] = {"state": "blank"}

    change_records(settings, erase)
    assert compare(Check(settings, content)).answer == "same"


def test_it_catches_a_printed_figure_that_was_forged_while_the_attachment_stayed_honest(
    settings: Settings, content: bytes
) -> None:
    def cover(pdf: pikepdf.Pdf) -> None:
        box = b"q 1 0 0 1 0 0 cm 1 1 1 rg 60 560 60 20 re f Q"
        pdf.pages[0].contents_add(pdf.make_stream(box))

    forged = rewritten(content, cover)
    assert attachments(forged) == attachments(content)
    verdict = compare(Check(settings, forged))
    assert (verdict.answer, verdict.pages) == ("forged", (1,))


def test_it_catches_an_attachment_that_was_forged(settings: Settings, content: bytes) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        figures = pdf.attachments["findings.json"].get_file().read_bytes()
        found = json.loads(figures)
        found["coverage"]["rr3"] = 0.99
        pdf.attachments["findings.json"] = forged_file(pdf, json.dumps(found, indent=2).encode())

    verdict = compare(Check(settings, rewritten(content, change)))
    assert verdict.answer == "forged"


def alter_one(rows: dict[str, dict[str, object]]) -> None:
    for row in rows.values():
        answers = row["answers"]
        assert isinstance(answers, dict)
        answers["overall"]["value"] = 1


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify as a machine does that has another PDF engine than the one the report was made with."""
    monkeypatch.setattr(compare_report, "made_with", lambda *asked: made_with(*asked) | {"weasyprint": "99.0"})


@pytest.mark.usefixtures("elsewhere")
def test_it_compares_figures_and_printed_numbers_where_versions_differ(settings: Settings, content: bytes) -> None:
    verdict = compare(Check(settings, content))
    assert verdict.answer == "same"
    (named,) = verdict.versions
    assert named.startswith("weasyprint ")
    assert named.endswith("(here 99.0)")
    assert "every printed number is as these figures give it" in say(verdict)
    change_records(settings, alter_one)
    assert compare(Check(settings, content)).answer == "changed"


@pytest.mark.parametrize("versions", ["same", "other"])
def test_it_catches_pages_of_other_figures_with_the_attachments_of_honest_ones(
    settings: Settings, content: bytes, request: pytest.FixtureRequest, versions: str
) -> None:
    change_records(settings, alter_one)
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
    honest = attachments(content)

    def graft(pdf: pikepdf.Pdf) -> None:
        for name, file in honest.items():
            pdf.attachments[name] = forged_file(pdf, file)

    forged = rewritten(draw(job).content, graft)
    assert attachments(forged) == honest
    if versions == "other":
        request.getfixturevalue("elsewhere")
    verdict = compare(Check(settings, forged))
    assert verdict.answer == ("forged" if versions == "same" else "unsure")
    assert 1 in verdict.pages


def due(order: RepairOrder) -> Visit:
    return Visit(new_id(order.closed_on), order.id, "repair", order.unit, order.closed_on, AT, AT, sample=True)


def test_it_tells_of_orders_whose_plates_were_erased(settings: Settings, store: Store, answered: int) -> None:
    """A network report counts faults that came back from the plates; it is drawn and verified twice here."""
    assert answered
    day = date(2026, 8, 10)
    orders = [
        RepairOrder(
            new_id(day), f"WO-{n}", "all/lakeside", day, new_id(day), "Model A", f"沪A{n % 6:05}", symptom="brakes"
        )
        for n in range(12)
    ]
    batch = Batch("orders", "orders.csv", AT, len(orders), sample=True)
    store.add_orders(batch, [OrderEntry(one, Contact(one.contact_id), due(one)) for one in orders])
    content = draw(Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="network")).content
    assert compare(Check(settings, content)).answer == "same"

    def change(what: str, count: int) -> None:
        for path in (settings.workspace.data / "orders").glob("*.json"):
            held = json.loads(path.read_bytes())
            for row in sorted(held["orders"].values(), key=lambda one: str(one["number"]))[:count]:
                row["plate"] = what
            path.write_text(json.dumps(held), encoding="utf-8")

    change("", 2)
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.unplated, verdict.gone) == ("fewer", 2, 0)
    assert say(verdict).startswith("what tells 2 orders apart erased or expired since, the rest same. These figures")
    change("沪A00012", 3)
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.unplated) == ("changed", 0)
    assert "repeats.repeated" in verdict.figures


def test_it_calls_answers_that_were_taken_back_a_change_and_no_erasure(settings: Settings, store: Store) -> None:
    """The answers of an import that was undone are gone as erased ones are, but nobody's wish took them away."""
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    partition = store.partition("repair", date(2026, 8, 1))
    brought = [replace(answer(survey, number), partition=partition) for number in range(40)]
    late = [replace(one, batch_id="late") for one in brought[:4]]
    store.add_responses(Batch("late", "answers.csv", AT - timedelta(days=1), 4, kind="responses"), late)
    for one in brought[4:]:
        store.record(one)
    content = draw(Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")).content
    store.undo_batch("late", AT + timedelta(days=1))
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.gone, verdict.back) == ("changed", 4, True)
    assert "taken back" in say(verdict)


def test_it_calls_it_changed_where_visits_are_others_than_an_erasure_leaves(
    settings: Settings, store: Store, answered: int
) -> None:
    assert answered
    day = date(2026, 8, 10)
    orders = [
        RepairOrder(new_id(day), f"WO-{n}", "all/lakeside", day, new_id(day), batch_id="orders") for n in range(3)
    ]
    store.add_orders(
        Batch("orders", "orders.csv", AT, len(orders), sample=True),
        [OrderEntry(one, Contact(one.contact_id), due(one)) for one in orders],
    )
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
    content = draw(job).content
    change_records(settings, drop_two)
    assert compare(Check(settings, content)).answer == "fewer"
    store.undo_batch("orders", AT)
    verdict = compare(Check(settings, content))
    assert (verdict.answer, verdict.gone) == ("changed", 2)
    assert "coverage.orders" in verdict.figures


def test_many_files_are_verified_in_order_and_a_bad_one_stops_no_other(
    settings: Settings, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(_module: str, function: str, jobs: Sequence[Check], *_how: object) -> Iterator[Verdict | str]:
        assert function == "compare_next"
        for job in jobs:
            if job.content == b"fatal":
                raise ReportError("The process that draws reports ended unexpectedly.")
            yield compare_report.compare_next(job)

    monkeypatch.setattr(child, "watched_each", here)
    kept = {"good.pdf": content, "fatal.pdf": b"fatal", "note.txt": b"no PDF", "again.pdf": content}
    for name, held in kept.items():
        (tmp_path / name).write_bytes(held)
    names = [str(tmp_path / name) for name in (*kept, "none.pdf")]
    done = CliRunner().invoke(main, ["-C", str(settings.workspace.root), "verify", *names])
    assert done.exit_code == 2
    # What went wrong stands on stderr, which is shown together with the rest here.
    said = [line.removeprefix(f"{tmp_path}/") for line in done.output.splitlines()]
    assert [re.split(r": it is|(?<=\.) |\. ", line)[0].rstrip(".") for line in said] == [
        "good.pdf: same",
        "fatal.pdf: The process that draws reports ended unexpectedly",
        "note.txt: This file is no PDF, or a broken one",
        "again.pdf: same",
        "none.pdf: It cannot be read (No such file or directory)",
    ]


def test_it_says_that_a_file_is_no_report(settings: Settings) -> None:
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    locked = io.BytesIO()
    with pikepdf.open(blank) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    for file, says in (
        (blank.getvalue(), "carries no figures of Revisit"),
        (locked.getvalue(), "asks for a password"),
        (b"no PDF", "is no PDF, or a broken one"),
        (b"", "is no PDF, or a broken one"),
        (blank.getvalue()[:100], "is no PDF, or a broken one"),
    ):
        with pytest.raises(CallError, match=says):
            compare(Check(settings, file))


@pytest.mark.parametrize("shift", [-1, 1])
def test_an_answer_that_expired_or_came_by_itself_is_counted(
    settings: Settings, store: Store, content: bytes, shift: int
) -> None:
    """One answer fewer as when its time is over; one more as when it is filed late under an earlier moment."""

    def change(rows: dict[str, dict[str, object]]) -> None:
        if shift < 0:
            del rows[max(rows)]
        else:
            rows["late"] = rows[max(rows)] | {"id": "late"}

    change_records(settings, change)
    verdict = compare(Check(settings, content))
    told = ("fewer", 1, 0) if shift < 0 else ("changed", 0, 1)
    assert (verdict.answer, verdict.gone, verdict.added) == told
    assert ("1 answer erased or expired" if shift < 0 else "Answers: 1 added.") in say(verdict)
    assert store.reports() == []
