"""Structure: what a screen reader is led by through a report, on every page and in every table."""

import io
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf

from revisit.records.survey import LANGUAGES


def elements(node: Object, kind: str = "") -> Iterator[Dictionary]:
    """Give the structure elements below a node in the order they are read, or those of a kind."""
    if isinstance(node, Array):
        for one in node:
            yield from elements(one, kind)
    elif isinstance(node, Dictionary) and "/S" in node:
        if not kind or kind == node.S:
            yield node
        yield from elements(node.get("/K", Array()), kind)


def attribute(element: Object, name: str) -> Object | None:
    held = element.get("/A", Array())
    found = [one[name] for one in (held if isinstance(held, Array) else [held]) if name in one]
    return found[0] if found else None


def span(cell: Object, way: str) -> int:
    wide = attribute(cell, way)
    return 1 if wide is None else int(wide)


def cells(row: Object) -> list[Object]:
    return [cell for cell in row.K if str(cell.S) in ("/TH", "/TD")]


@pytest.fixture(params=LANGUAGES)
def pdf(request: pytest.FixtureRequest, pdfs: dict[str, bytes]) -> Iterator[Pdf]:
    with pikepdf.open(io.BytesIO(pdfs[request.param])) as opened:
        yield opened


def test_the_document_says_what_it_is(pdf: Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert "/Outlines" in pdf.Root
    assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()


def test_headings_begin_at_the_first_level_and_skip_none(pdf: Pdf) -> None:
    levels = [int(str(one.S)[2:]) for one in elements(pdf.Root.StructTreeRoot.K) if str(one.S)[:2] == "/H"]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_has_its_words(pdf: Pdf) -> None:
    pictures = list(elements(pdf.Root.StructTreeRoot.K, "/Figure"))
    assert pictures
    assert all(str(one.get("/Alt", "")).strip() for one in pictures)


def test_every_table_is_regular_and_every_cell_has_its_headers(pdf: Pdf) -> None:
    tables = list(elements(pdf.Root.StructTreeRoot.K, "/Table"))
    assert tables
    for table in tables:
        rows = list(elements(table.K, "/TR"))
        # Each cell lies over so many columns and rows: together they fill the table without a gap.
        area = sum(span(cell, "/ColSpan") * span(cell, "/RowSpan") for row in rows for cell in cells(row))
        assert area == len(rows) * sum(span(cell, "/ColSpan") for cell in cells(rows[0]))
        known = {str(head.ID) for head in elements(table.K, "/TH")}
        # The corner above the names of the rows is empty and belongs to no heading.
        body = [cell for place, row in enumerate(rows) for cell in cells(row) if (place, cell.S) != (0, Name.TD)]
        assert {str(attribute(head, "/Scope")) for head in elements(table.K, "/TH")} <= {"/Row", "/Column"}
        for cell in body:
            named = attribute(cell, "/Headers")
            assert cell.S == Name.TH or (named is not None and len(named) > 0)
            assert {str(one) for one in named or ()} <= known


# What PDF 1.7 (14.8.4) lets stand right below a list, a table and their parts.
BELOW = {
    "/L": {"/L", "/LI", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TFoot": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
# And where alone these parts may stand.
ABOVE = {
    "/LI": {"/L"},
    "/Lbl": {"/LI"},
    "/LBody": {"/LI"},
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/TBody": {"/Table"},
}


def test_lists_and_tables_hold_what_they_may_and_nothing_else(pdf: Pdf) -> None:
    lists = list(elements(pdf.Root.StructTreeRoot.K, "/L"))
    assert any(str(one.S) == "/Lbl" for one in elements(Array(lists)))
    for one in elements(pdf.Root.StructTreeRoot.K):
        kinds = [str(child.S) for child in one.get("/K", Array()) if isinstance(child, Dictionary) and "/S" in child]
        assert set(kinds) <= BELOW.get(str(one.S), set(kinds))
        assert str(one.P.get("/S", "")) in ABOVE.get(str(one.S), {str(one.P.get("/S", ""))})
        assert kinds or str(one.S) not in {"/L", "/LI", "/TR"}


def test_the_foot_of_every_page_is_an_artifact(pdf: Pdf) -> None:
    for page in pdf.pages:
        told = [one for one in pikepdf.parse_content_stream(page) if str(one.operator) == "BDC"]
        feet = [one.operands[1] for one in told if one.operands[0] == Name.Artifact]
        assert [str(foot.Type) for foot in feet] == ["/Pagination", "/Pagination"]  # what it is, and the page's number


def test_every_page_leads_back_from_its_marks_to_the_tree(pdf: Pdf) -> None:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in pdf.pages:
        assert page.obj.Tabs == "/S"
        held = parents[int(page.obj.StructParents)]
        told = [one for one in pikepdf.parse_content_stream(page) if str(one.operator) in ("BDC", "BMC")]
        marks = [int(one.operands[1].MCID) for one in told if len(one.operands) > 1 and "/MCID" in one.operands[1]]
        assert sorted(set(marks)) == sorted(marks)
        told_below = {one.objgen for one in elements(pdf.Root.StructTreeRoot.K)}
        assert all(held[mark].objgen in told_below for mark in marks)


def test_every_element_knows_the_one_above_it(pdf: Pdf) -> None:
    for one in elements(pdf.Root.StructTreeRoot.K):
        below = one.get("/K", Array())
        for child in below if isinstance(below, Array) else [below]:
            if isinstance(child, Dictionary) and "/S" in child:
                assert child.P.objgen == one.objgen
