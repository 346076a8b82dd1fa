"""Forgeries: a report whose figures are honest and whose pages, words or files are not is told from the one issued."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from revisit.flows.reporting import compare_report
from revisit.flows.reporting.compare_report import compare
from revisit.flows.reporting.draw_report import draw, made_with, print_order
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.verify import Check, Verdict, say
from revisit.forms import versions
from revisit.reports.bundle import Parameters, unpack
from revisit.reports.likeness import other_pages
from revisit.reports.orders import Order
from revisit.reports.report import make_report
from revisit.settings import Settings, Workspace, defaults
from tests.reports.workspaces import AT, PERIOD


@pytest.fixture(scope="module")
def drawn() -> list[bytes]:
    return []


@pytest.fixture
def content(settings: Settings, answered: int, drawn: list[bytes], monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Draw a sheet of one page, once; what honest figures give is then known and not drawn for each forgery."""
    assert answered
    if not drawn:
        job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly")
        drawn.append(draw(job).content)
    honest = unpack(drawn[0])

    def known(order: Order, asked: Parameters, workspace: Workspace) -> bytes:
        same = asked == honest.parameters and order.findings == honest.findings
        return drawn[0] if same else print_order(order, asked, workspace)

    monkeypatch.setattr(compare_report, "print_order", known)
    return drawn[0]


def rewritten(content: bytes, change: Callable[[Pdf], None]) -> bytes:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(saved)
    return saved.getvalue()


def told_on(page: pikepdf.Page) -> list[pikepdf.ContentStreamInstruction]:
    """Give what a page's content says, in order; no report has pictures within it."""
    return [one for one in pikepdf.parse_content_stream(page) if isinstance(one, pikepdf.ContentStreamInstruction)]


def another_digit(pdf: Pdf) -> None:
    """Let two glyphs of the first line with different ones change places."""
    page = pdf.pages[0]
    told = told_on(page)
    lines = (one.operands[0] for one in told if str(one.operator) == "TJ" and len(one.operands[0]) > 2)
    line = next(one for one in lines if bytes(one[0]) != bytes(one[2]))
    line[0], line[2] = line[2], line[0]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(told))


def covered(pdf: Pdf) -> None:
    """Lay white over a figure and write another one upon it."""
    page = pdf.pages[0]
    page.Resources.Font[Name("/Forged")] = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    over = b"Q q 1 1 1 rg 60 560 60 20 re f 0 g BT /Forged 14 Tf 62 564 Td (99 %) Tj ET Q"
    page.contents_add(pdf.make_stream(b"q"), prepend=True)
    page.contents_add(pdf.make_stream(over))


def unseen_text(pdf: Pdf) -> None:
    """Write what only a screen reader and a search find."""
    page = pdf.pages[0]
    page.Resources.Font[Name("/Forged")] = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    page.contents_add(pdf.make_stream(b"BT 3 Tr /Forged 8 Tf 62 564 Td (satisfied 99 percent) Tj ET"))


def another_path(pdf: Pdf) -> None:
    """Make a filled rectangle of a drawing higher: the second, since the first is the ground of the page's head."""
    page = pdf.pages[0]
    told = told_on(page)
    filled = [place - 1 for place, one in enumerate(told) if str(one.operator) == "f"]
    box = told[filled[1]]
    assert str(box.operator) == "re"
    left, bottom, width, height = box.operands
    told[filled[1]] = pikepdf.ContentStreamInstruction([left, bottom, width, float(height) + 30], box.operator)
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(told))


def a_picture_over_it(pdf: Pdf) -> None:
    page = pdf.pages[0]
    image = pdf.make_stream(b"\x00" * 12)
    image.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, ColorSpace=Name.DeviceRGB))
    image.BitsPerComponent = 8
    page.Resources[Name.XObject] = Dictionary({"/Forged": image})
    page.contents_add(pdf.make_stream(b"q"), prepend=True)
    page.contents_add(pdf.make_stream(b"Q q 40 0 0 40 100 500 cm /Forged Do Q"))


def an_annotation(flags: int) -> Callable[[Pdf], None]:
    """Lay a note over a figure; flag 4 prints it, 32 hides it on the screen."""

    def lay(pdf: Pdf) -> None:
        shown = pdf.make_stream(b"1 1 1 rg 0 0 60 20 re f")
        shown.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 60, 20])))
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Square,
            Rect=Array([60, 560, 120, 580]),
            F=flags,
            AP=Dictionary(N=shown),
        )
        pdf.pages[0].Annots = pdf.make_indirect(Array([*pdf.pages[0].get("/Annots", []), pdf.make_indirect(note)]))

    return lay


def another_size(pdf: Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 300, 300])


def a_page_more(pdf: Pdf) -> None:
    pdf.add_blank_page()


def other_words_for_it(pdf: Pdf) -> None:
    """Let a screen reader say something else in the place of the heading."""

    def headings(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
        if isinstance(node, Array):
            for one in node:
                yield from headings(one)
        elif isinstance(node, Dictionary):
            if node.get("/S") == Name.H1:
                yield node
            yield from headings(node.get("/K", Array()))

    next(headings(pdf.Root.StructTreeRoot.K)).Alt = String("Satisfied: 99%")


PAGES: dict[str, Callable[[Pdf], None]] = {
    "another digit": another_digit,
    "covered": covered,
    "unseen text": unseen_text,
    "another path": another_path,
    "a picture over it": a_picture_over_it,
    "a note": an_annotation(4),
    "a note for the printer": an_annotation(4 | 32),
    "another size": another_size,
    "a page more": a_page_more,
    "other words for it": other_words_for_it,
}


@pytest.mark.parametrize("forgery", PAGES)
def test_a_page_that_was_forged_is_named(settings: Settings, content: bytes, forgery: str) -> None:
    forged = rewritten(content, PAGES[forgery])
    verdict = compare(Check(settings, forged))
    assert verdict.answer == "forged"
    assert verdict.pages == ((2,) if forgery == "a page more" else (1,))
    assert say(verdict).startswith(f"forged. Page {verdict.pages[0]}: what is printed is not")


def another_title(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "Return-visit report: all is well"


def another_packet(pdf: Pdf) -> None:
    held = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata = pdf.make_stream(held.replace(b"</x:xmpmeta>", b"<!-- audited --></x:xmpmeta>"))
    pdf.Root.Metadata.update(Dictionary(Type=Name.Metadata, Subtype=Name.XML))


def another_bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = "Satisfied: 99%"


def another_language(pdf: Pdf) -> None:
    pdf.Root.Lang = String("de")


def a_script(pdf: Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert('99')"))
    names = pdf.Root.get("/Names", Dictionary())
    names[Name.JavaScript] = Dictionary(Names=Array([String("x"), pdf.make_indirect(action)]))
    pdf.Root.Names = names


@pytest.mark.parametrize("forge", [another_title, another_packet, another_bookmark, another_language, a_script])
def test_what_a_file_says_of_itself_is_compared(
    settings: Settings, content: bytes, forge: Callable[[Pdf], None]
) -> None:
    verdict = compare(Check(settings, rewritten(content, forge)))
    assert (verdict.answer, verdict.pages, verdict.about) == ("forged", (), True)
    assert "What the file says of itself" in say(verdict)


def put(name: str, change: Callable[[bytes], bytes]) -> Callable[[Pdf], None]:
    def altered(pdf: Pdf) -> None:
        held = pdf.attachments[name].get_file().read_bytes() if name in pdf.attachments else b""
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, change(held))  # type: ignore[call-arg]  # its stubs

    return altered


def without_csv(pdf: Pdf) -> None:
    del pdf.attachments["figures.csv"]


def higher(held: bytes) -> bytes:
    found = json.loads(held)
    found["csi"]["n"] += 1
    return json.dumps(found, indent=2).encode()


@pytest.mark.parametrize(
    "forge",
    [
        put("figures.csv", lambda held: held.replace(b"coverage.due,", b"coverage.due,1")),
        put("report.html", lambda held: held.replace(b"</body>", b"<p>99 %</p></body>")),
        put("findings.json", higher),
        put("more.csv", lambda _held: b"satisfied,99"),
        without_csv,
    ],
    ids=["table", "web page", "figures", "one more", "one less"],
)
def test_a_file_inside_that_was_forged_is_found(
    settings: Settings, content: bytes, forge: Callable[[Pdf], None]
) -> None:
    assert compare(Check(settings, rewritten(content, forge))).answer == "forged"


def test_a_change_that_was_added_at_the_end_of_the_file_is_found(settings: Settings, content: bytes) -> None:
    """An incremental update leaves every byte of the issued file in place and says at its end what is to hold."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number, generation = pdf.docinfo.objgen
        size, root = int(pdf.trailer.Size), pdf.Root.objgen
    start = content.rindex(b"startxref")
    before = int(content[start:].split()[1])
    place = len(content)
    added = f"{number} {generation} obj\n<< /Title (All is well) >>\nendobj\n".encode()
    table = place + len(added)
    added += f"xref\n{number} 1\n{place:010} {generation:05} n \ntrailer\n<< /Size {size} ".encode()
    added += f"/Root {root[0]} {root[1]} R /Info {number} {generation} R /Prev {before} >>\n".encode()
    added += f"startxref\n{table}\n%%EOF\n".encode()
    verdict = compare(Check(settings, content + added))
    assert (verdict.answer, verdict.about) == ("forged", True)


def test_pages_that_changed_places_are_named(settings: Settings, content: bytes) -> None:
    """Two pages are made of the one, and swapped: likeness alone is asked, which knows of no figures."""
    two = rewritten(content, lambda pdf: pdf.pages.append(pdf.pages[0]) or covered(pdf))  # type: ignore[func-returns-value]

    def swap(pdf: Pdf) -> None:
        pdf.pages.reverse()

    assert settings
    assert other_pages(two, two, by_words=False) == ()

    def take_out(pdf: Pdf) -> None:
        del pdf.pages[0]

    assert other_pages(rewritten(two, swap), two, by_words=False) == (1, 2)
    # Where the first is gone, the second stands in its place, and the last is missing.
    assert other_pages(rewritten(two, take_out), two, by_words=False) == (1, 2)


@pytest.mark.parametrize(("pages", "says"), [((5,), "forged. Page 5: "), ((5, 6, 7), "forged. Pages 5, 6, 7: ")])
def test_it_names_one_page_and_several(pages: tuple[int, ...], says: str) -> None:
    assert say(Verdict("forged", pages=pages)).startswith(says)


def test_a_report_names_what_it_was_made_with_and_keeps_to_it_under_another_version(
    settings: Settings, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = unpack(content).parameters.made_with
    assert set(made) == {"revisit", "weasyprint", "pydyf", "fonttools", "pango", "harfbuzz", "font", "look"}
    assert all(made.values())
    known = made_with("en", settings.workspace)
    monkeypatch.setattr(compare_report, "made_with", lambda *_asked: known | {"revisit": "99.0", "harfbuzz": "98.0"})
    verdict = compare(Check(settings, rewritten(content, lambda _pdf: None)))
    assert (verdict.answer, len(verdict.versions)) == ("same", 2)
    assert verdict.versions[0].endswith("(here 99.0)")
    # Under another version a title may still not be another one.
    verdict = compare(Check(settings, rewritten(content, another_title)))
    assert (verdict.answer, verdict.about) == ("unsure", True)
    assert say(verdict).startswith("unsure. What the file says of itself")


def test_a_workspace_s_own_template_is_another_look(settings: Settings) -> None:
    before = made_with.__wrapped__("en", settings.workspace)
    own = settings.workspace.templates / "report"
    own.mkdir(parents=True)
    shutil.copy(defaults() / "site_templates" / "report" / "weekly.html", own)
    after = made_with.__wrapped__("en", settings.workspace)
    assert {name for name in before if before[name] != after[name]} == {"look"}


def test_the_printed_program_is_the_one_the_report_was_made_with(settings: Settings, content: bytes) -> None:
    """Verified years later, under another version, the pages are made again with the words of then."""
    bundle = unpack(content)
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    order = replace(bundle.order(survey), made_with=bundle.parameters.made_with | {"revisit": "0.0.9"})
    facts = [fact.value for fact in make_report(order).method.facts]
    assert any(value.startswith("Revisit 0.0.9, WeasyPrint ") and "Noto Sans CJK" in value for value in facts)
