"""Many reports at once: what one failure does to the others, how a call goes on, of whom there is anything to tell."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.flows.reporting import issue_many as many
from revisit.flows.reporting.issue_many import SLICE, issue_many, known, units_for
from revisit.flows.reporting.issue_report import Drawn, Job, with_earlier
from revisit.records.organisation import Unit
from revisit.records.problems import RevisitError
from revisit.reports import child
from revisit.reports.errors import ReportError
from revisit.settings import Settings
from revisit.store.protocol import Store
from tests.reports.workspaces import AT, PERIOD

Draw = Callable[..., list[Drawn | str]]


def jobs(settings: Settings, count: int) -> list[Job]:
    """Give branch reports of made-up stations."""
    units = [Unit(f"s{number:02}", f"all/s{number:02}", "station", f"S{number}") for number in range(count)]
    return [Job(settings, "repair", unit, *PERIOD, "en", AT) for unit in units]


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Draw without a child: the unit "s03" cannot be drawn, "s09" ends whoever tries. Gives the slices."""
    slices: list[tuple[str, ...]] = []

    def watched_each(_module: str, _function: str, asked: Sequence[Job], *_how: object) -> Iterator[Drawn | str]:
        slices.append(tuple(job.unit.id for job in asked))
        for job in asked:
            if job.unit.id == "s09":
                raise ReportError("The process that draws reports ended unexpectedly.")
            fails = job.unit.id == "s03"
            yield "No font has it." if fails else Drawn("repair", f"%PDF {job.unit.id}".encode(), sample=False)

    monkeypatch.setattr(child, "watched_each", watched_each)
    return slices


def test_it_makes_all_but_those_that_fail(settings: Settings, store: Store, drawing: list[tuple[str, ...]]) -> None:
    done = list(issue_many(store, jobs(settings, 20), by="test", workers=1))
    failed = {one.job.unit.id: one.error for one in done if one.error}
    assert failed == {"s03": "No font has it.", "s09": "The process that draws reports ended unexpectedly."}
    assert {one.job.unit.id for one in done if one.issued} == {f"s{n:02}" for n in range(20)} - {"s03", "s09"}
    assert len(store.reports()) == 18
    # The report at which the child died was tried again alone, those behind it together.
    names = [f"s{number:02}" for number in range(20)]
    first, second, third = tuple(names[:SLICE]), tuple(names[SLICE : 2 * SLICE]), tuple(names[2 * SLICE :])
    assert drawing == [first, second, ("s09",), second[2:], third]


def test_each_report_is_kept_as_soon_as_it_is_drawn(settings: Settings, store: Store, drawing: object) -> None:
    assert drawing == []
    coming = issue_many(store, jobs(settings, 3), by="test", workers=1)
    for count in (1, 2, 3):
        next(coming)
        assert len(store.reports()) == count


def test_a_call_that_is_broken_off_ends_its_children(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second report is not drawn before the call is over."""
    over = threading.Event()
    told: list[str] = []

    def watched_each(_module: str, _function: str, asked: Sequence[Job], *_how: object) -> Iterator[Drawn | str]:
        try:
            for place, job in enumerate(asked):
                if place == 1:
                    over.wait()
                told.append(job.unit.id)
                yield Drawn("repair", b"%PDF", sample=False)
        finally:
            told.append("ended")

    monkeypatch.setattr(child, "watched_each", watched_each)

    class Stopped(threading.Event):
        def set(self) -> None:
            super().set()
            over.set()

    monkeypatch.setattr(many, "Event", Stopped)
    with closing(issue_many(store, jobs(settings, 4), by="test", workers=1)) as coming:
        next(coming)
    assert told == ["s00", "s01", "ended"]


def test_it_goes_on_where_an_earlier_call_was_broken_off(
    settings: Settings, store: Store, drawing: list[tuple[str, ...]]
) -> None:
    wanted = [job for job in jobs(settings, 24) if job.unit.id not in {"s03", "s09"}]
    broken = issue_many(store, wanted, by="test", workers=1)
    list(islice(broken, SLICE))
    del broken
    made = len(store.reports())
    assert SLICE <= made < len(wanted)
    drawing.clear()
    again = [replace(job, cutoff=AT + timedelta(hours=1)) for job in wanted]
    done = list(issue_many(store, again, by="test", workers=1))
    assert sum(one.issued is None and one.error is None for one in done) == made
    assert sum(len(slice_) for slice_ in drawing) == len(wanted) - made
    assert len(store.reports()) == len(wanted)
    # The next day, and when they are asked for anew, all are made again.
    tomorrow = [replace(job, cutoff=AT + timedelta(hours=13)) for job in wanted]
    assert all(one.issued for one in issue_many(store, tomorrow, by="test", workers=1))
    assert all(one.issued for one in issue_many(store, tomorrow, by="test", workers=1, again=True))


def test_it_hands_each_report_its_own_last_edition(
    settings: Settings, store: Store, drawing: list[tuple[str, ...]]
) -> None:
    first, other = jobs(settings, 2)
    list(issue_many(store, [first, other], by="test"))
    assert drawing
    later = replace(first, cutoff=AT + timedelta(days=1))
    assert with_earlier(store, later, store.reports()).earlier == b"%PDF s00"
    # Figures have no language, so all languages of a report have one edition.
    assert with_earlier(store, replace(later, language="zh-Hans"), store.reports()).earlier == b"%PDF s00"
    for change in ({"kind": "weekly"}, {"level": "public"}, {"survey": "repair-full"}):
        assert with_earlier(store, replace(later, **change), store.reports()).earlier == b""  # type: ignore[arg-type]


def test_two_surveys_levels_and_kinds_have_files_of_their_own(settings: Settings) -> None:
    (job,) = jobs(settings, 1)
    engineer = Unit("engineer", "all/s00/Li Ming", "engineer", "Li Ming")
    names = [
        replace(job, **change).file_name
        for change in (
            {},
            {"survey": "repair-full"},
            {"kind": "network"},
            {"level": "public"},
            {"language": "zh-Hant"},
            {"kind": "engineer", "unit": engineer},
            {"last": date(2026, 9, 29)},
        )
    ]
    assert names[:2] == ["s00-2026-Q3-en.pdf", "s00-repair-full-2026-Q3-en.pdf"]
    assert len(set(names)) == len(names)
    assert not any("Li" in name for name in names)


def test_it_knows_of_whom_there_is_anything_to_tell(settings: Settings, store: Store, answered: int) -> None:
    assert answered
    tree = settings.organisation
    elsewhere = Unit("far", "all/far", "station", "Far")
    units = [*tree.units, elsewhere]
    assert [unit.id for unit in known(store, units, tree.root, PERIOD, "repair")] == ["all", "lakeside"]
    assert known(store, units, tree.root, (date(2025, 1, 1), date(2025, 3, 31)), "repair") == []
    assert [unit.id for unit in units_for("branch", store, settings, tree.root, PERIOD, "repair")] == ["lakeside"]
    assert [unit.id for unit in units_for("network", store, settings, tree.root, PERIOD, "repair")] == ["all"]


def call(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(
        main, ["-C", str(settings.workspace.root), "report", *words], env={"REVISIT_NOW": AT.isoformat()}
    )


def test_one_command_asks_for_every_kind_in_every_language(
    settings: Settings, answered: int, drawing: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered
    monkeypatch.setattr("revisit.cli.report.attachments", lambda _content: {"report.html": b"<html>"})
    done = call(settings, "all", "--period", "2026-Q3", "--lang", "all", "-o", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert "weekly: nothing is known of 2 units in 2026-W39: all, lakeside" in done.output
    assert sorted(path.name for path in (tmp_path / "out").glob("*.pdf")) == [
        *(f"all-network-2026-Q3-{language}.pdf" for language in ("en", "zh-Hans", "zh-Hant")),
        *(f"lakeside-2026-Q3-{language}.pdf" for language in ("en", "zh-Hans", "zh-Hant")),
    ]
    assert sum(len(slice_) for slice_ in drawing) == 6


def test_a_failure_is_named_at_the_end_and_told_by_the_exit_code(
    settings: Settings, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered

    def fail(*_call: object) -> Iterator[Drawn | str]:
        raise RevisitError("No font has 鐵.")
        yield

    monkeypatch.setattr(child, "watched_each", fail)
    done = call(settings, "branch", "--all", "--period", "2026-Q3", "--lang", "en")
    assert done.exit_code == 1
    assert "1 could not be made:\n  lakeside (en): No font has 鐵." in done.output


def test_it_refuses_a_report_of_days_of_which_nothing_is_known(settings: Settings, answered: int) -> None:
    assert answered
    done = call(settings, "branch", "--unit", "lakeside", "--period", "2025-Q1", "--lang", "en")
    assert done.exit_code == 2
    assert "Nothing is known of Lakeside from 2025-01-01 to 2025-03-31: no visit, no answer." in done.output
    assert "Choose other days" in done.output
    assert not list(settings.workspace.reports.glob("*.pdf"))


def test_it_refuses_to_set_beside_each_other_what_is_only_one(settings: Settings, answered: int) -> None:
    assert answered
    done = call(settings, "network", "--unit", "lakeside", "--period", "2026-Q3", "--lang", "en")
    assert done.exit_code == 2
    assert "Lakeside has no units below it, so there is nothing to set beside each other." in done.output
    assert "revisit report branch --unit lakeside" in done.output
