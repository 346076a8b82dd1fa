"""Every kind of report in every language, built by one command from a network of five levels, and proved again."""

import io
import json
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.reporting.compare_report import compare
from revisit.flows.reporting.draw_report import draw
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.verify import Check, Verdict
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.survey import LANGUAGES
from revisit.reports.orders import KINDS
from revisit.settings import Settings
from revisit.store import open_store
from tests.reports.five_levels import ENGINEERS, NOW, fill, make_workspace
from tests.reports.glyphs import missing

pytestmark = pytest.mark.full  # some forty reports are drawn and drawn again

STATION = "net/north/north-a"
QUARTER = Period.parse("2026-Q3")
CASES = [(kind, language) for kind in KINDS for language in LANGUAGES]
MOST = 1024 * 1024


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Make the network with its two thousand answers."""
    settings = make_workspace(tmp_path_factory.mktemp("network"))
    with closing(open_store(settings.workspace)) as store:
        fill(store, settings)
    return settings


def job_of(settings: Settings, kind: str, language: str) -> Job:
    station = settings.organisation.of_path(STATION)
    outlet = settings.organisation.of_path(f"{STATION}/north-a-1")
    engineer = Unit("engineer", f"{outlet.path}/{ENGINEERS[0]}", "engineer", ENGINEERS[0], timezone=outlet.timezone)
    about = {"branch": outlet, "network": station, "engineer": engineer, "weekly": station}[kind]
    period = Period.parse("2026-W39") if kind == "weekly" else QUARTER
    return Job(settings, "repair", about, period.first, period.last, language, NOW, kind)


@pytest.fixture(scope="module")
def drawn(made: Settings) -> dict[tuple[str, str], bytes]:
    return {case: draw(job_of(made, *case)).content for case in CASES}


def test_one_command_builds_every_kind_in_every_language(made: Settings, tmp_path: Path) -> None:
    words = [
        "-C",
        str(made.workspace.root),
        "report",
        "all",
        "--unit",
        "north-a",
        "--period",
        "2026-Q3",
        "--lang",
        "all",
    ]
    done = CliRunner().invoke(main, [*words, "-o", str(tmp_path)], env={"REVISIT_NOW": NOW.isoformat()})
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in tmp_path.glob("*.pdf"))
    # Two outlets, one station, three weekly notes, four engineers; three languages each.
    assert len(names) == 3 * (2 + 1 + 3 + 4)
    assert len(list(tmp_path.glob("*.html"))) == len(names)
    again = CliRunner().invoke(main, [*words, "-o", str(tmp_path)], env={"REVISIT_NOW": NOW.isoformat()})
    assert f"0 reports in {tmp_path}, 30 there already" in again.output


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_the_same_data_gives_the_same_bytes(
    made: Settings, drawn: dict[tuple[str, str], bytes], kind: str, language: str
) -> None:
    assert draw(job_of(made, kind, language)).content == drawn[kind, language]


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_report_is_found_the_same(
    made: Settings, drawn: dict[tuple[str, str], bytes], kind: str, language: str
) -> None:
    verdict = compare(Check(made, drawn[kind, language]))
    assert verdict == Verdict("same", issued=verdict.issued)


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_printed_figure_that_was_forged_is_found_on_its_page(
    made: Settings, drawn: dict[tuple[str, str], bytes], kind: str, language: str
) -> None:
    content = drawn[kind, language]
    page, box = printed_number(content)
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        left, bottom, right, top = box
        # The page's own content moves the origin; what is painted over it begins from the page's corner again.
        cover = f"Q q 1 1 1 rg {left} {bottom} {right - left} {top - bottom} re f Q"
        pdf.pages[page].contents_add(pdf.make_stream(b"q"), prepend=True)
        pdf.pages[page].contents_add(pdf.make_stream(cover.encode()))
        attached = {name: sha256(pdf.attachments[name].get_file().read_bytes()).digest() for name in pdf.attachments}
        pdf.save(saved)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert attached == {
            name: sha256(pdf.attachments[name].get_file().read_bytes()).digest() for name in pdf.attachments
        }
    verdict = compare(Check(made, saved.getvalue()))
    assert (verdict.answer, verdict.pages) == ("forged", (page + 1,))


def printed_number(content: bytes) -> tuple[int, tuple[float, float, float, float]]:
    """Find the last digit before the first percent sign that is printed: its page from 0, and where it stands."""
    for number, page in enumerate(pypdfium2.PdfDocument(content)):
        words = page.get_textpage()
        found = words.search("%").get_next()
        if found is not None:
            assert words.get_text_range(found[0] - 1, 1).isdigit()
            return number, words.get_charbox(found[0] - 1)
    raise AssertionError("no share is printed")


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_report_can_be_read_by_everybody_and_kept(
    drawn: dict[tuple[str, str], bytes], kind: str, language: str
) -> None:
    content = drawn[kind, language]
    assert len(content) <= MOST
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == language
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]).strip()
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        tags = list(elements(root.StructTreeRoot.K))
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == 1
        assert headings_in_order(kinds)
        assert all(str(tag.get("/Alt", "")).strip() for tag in tags if tag.S == "/Figure")
        assert ("/Table" in kinds) <= ("/TH" in kinds)
        for page in pdf.pages:
            assert page.obj.Tabs == "/S" or "/Annots" not in page.obj
            assert "/StructParents" in page.obj
        fonts = list(embedded(pdf))
        assert fonts
        assert all(name[7:8] == "+" and has_file for name, has_file in fonts), fonts
        assert {"findings.json", "figures.csv", "report.json", "report.html"} <= set(pdf.attachments)
        json.loads(pdf.attachments["findings.json"].get_file().read_bytes())
    assert missing(content) == []
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "\ufffd" not in text
    assert "\ufffe" not in text
    assert len(document) <= {"weekly": 1, "engineer": 1, "branch": 10, "network": 16}[kind]


def elements(node: Any) -> Any:
    """Give every structure element below a node of the tag tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pikepdf.Array()))


def headings_in_order(kinds: list[str]) -> bool:
    """Say whether no heading is deeper than the one before by more than one level."""
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    return all(level - before <= 1 for before, level in zip([0, *levels], levels, strict=False))


def embedded(pdf: pikepdf.Pdf) -> Any:
    """Give the name of every font that a page uses, and whether its file is inside."""
    for page in pdf.pages:
        for font in page.obj.Resources.get("/Font", pikepdf.Dictionary()).values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            described = inner.FontDescriptor
            files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys())
            yield str(font.BaseFont), bool(files)


def change(settings: Settings, alter: Callable[[dict[str, dict[str, Any]]], int]) -> int:
    """Change filed answers behind the program's back; gives how many."""
    done = 0
    for path in sorted((settings.workspace.data / "answers").glob("*.json")):
        held = json.loads(path.read_bytes())
        if found := alter(held["responses"]):
            done += found
            path.write_text(json.dumps(held), encoding="utf-8")
    return done


def counted(row: dict[str, Any]) -> bool:
    """Say whether an answer is in each of the reports: of the engineer, in the week."""
    return row["unit"] == f"{STATION}/north-a-1/{ENGINEERS[0]}" and bool("2026-09-21" <= row["day"] <= "2026-09-27")


def test_one_altered_answer_and_then_an_erased_one_are_told_of_in_every_kind(
    made: Settings, drawn: dict[tuple[str, str], bytes]
) -> None:
    """Comes last, since it changes the records."""
    before: list[Any] = []

    def alter(rows: dict[str, dict[str, Any]]) -> int:
        for row in rows.values():
            if counted(row) and not before:
                overall = row["answers"]["overall"]
                before.append(overall["value"])
                overall["value"] = 1 if overall["value"] != 1 else 5
                return 1
        return 0

    def erase(rows: dict[str, dict[str, Any]]) -> int:
        for name, row in list(rows.items()):
            if counted(row) and before:
                before.clear()
                del rows[name]
                return 1
        return 0

    assert change(made, alter) == 1
    for case in CASES:
        verdict = compare(Check(made, drawn[case]))
        assert (verdict.answer, verdict.altered, verdict.gone, verdict.added) == ("changed", 1, 0, 0), case
        # A figure is named wherever one is shown: an engineer sheet or a week may have too few answers for any.
        shown = json.loads(figures_of(drawn[case]))["items"]["overall"]["mean"] is not None
        assert any(name.startswith("items.overall.") for name in verdict.figures) or not shown, case
    assert change(made, erase) == 1
    for case in CASES:
        verdict = compare(Check(made, drawn[case]))
        assert (verdict.answer, verdict.altered, verdict.gone, verdict.added) == ("fewer", 0, 1, 0), case


def figures_of(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.attachments["findings.json"].get_file().read_bytes()
