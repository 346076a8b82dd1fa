"""Tags: what WeasyPrint leaves open in the structure of a tagged PDF is filled in before the file is written."""

from collections.abc import Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import Document

# The running foot repeats itself on each page: a screen reader passes over it.
_FOOT = {"Type": "/Pagination"}


def mend(document: Document, pdf: pydyf.PDF) -> None:
    """Make lists, headings of tables and running feet as PDF/UA-1 wants them; a finisher for WeasyPrint.

    A list holds items only, and an item its label and its body: a group ``div`` in ``dl`` becomes the item of its term
    and what is said of it. Each heading of a table says whether it is over a column or before a row. What stands in the
    margins of pages is an artifact.
    """
    tree = _Tree(pdf)
    for listed in [one for one in tree.below(tree.root) if one["S"] == "/L"]:
        _make_items(tree, listed)
    for page in document.pages:
        _say_scopes(page._page_box)  # noqa: SLF001 — WeasyPrint keeps a cell's tag at its box and nowhere else
    _take_out_feet(tree)


class _Tree:
    """The structure elements of a PDF that is not written yet; they name each other by reference."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self.root = self.at(pdf.catalog["StructTreeRoot"])

    def at(self, reference: bytes) -> Any:
        """Give the object that a reference such as ``12 0 R`` names."""
        return self.pdf.objects[int(reference.split()[0])]

    def children(self, element: Any) -> list[Any]:
        """Give the elements right below one, without marks and annotations."""
        held = [self.at(one) for one in element["K"] if isinstance(one, bytes)]
        return [one for one in held if "S" in one]

    def below(self, element: Any) -> Iterator[Any]:
        """Give all elements below one, in the order they are read."""
        for child in self.children(element):
            yield child
            yield from self.below(child)

    def drop(self, element: Any) -> None:
        """Empty an element that nothing leads to any more: objects are numbered by their place and stay."""
        element.clear()


def _make_items(tree: _Tree, listed: Any) -> None:
    """Turn each group of a list into one item: what was the item of its term becomes the label."""
    for group in tree.children(listed):
        if group["S"] != "/Div":
            continue
        items = tree.children(group)
        group["S"], group["K"] = "/LI", pydyf.Array()
        for place, item in enumerate(items):
            for body in tree.children(item):
                # A group that goes on overleaf brings no term with it.
                body["S"] = "/Lbl" if place == 0 and len(items) > 1 else "/LBody"
                body["P"] = group.reference
                group["K"].append(body.reference)
            tree.drop(item)


def _say_scopes(page: Any) -> None:
    for box in page.descendants():
        if getattr(box, "mark", None) is not None and box.mark["S"] == "/TH":
            before_row = box.element.attrib.get("scope", "").startswith("row")
            box.mark["A"]["Scope"] = "/Row" if before_row else "/Column"


def _take_out_feet(tree: _Tree) -> None:
    """Mark as artifacts what no element of the tree holds: the boxes in the margins of pages."""
    told = {element.number for element in tree.below(tree.root)}
    numbers = tree.at(tree.root["ParentTree"])["Nums"]
    for page in map(tree.at, tree.pdf.page_references):
        held = numbers[numbers.index(page["StructParents"]) + 1]
        feet = {mark for mark, one in enumerate(held) if tree.at(one).number not in told}
        for mark in feet:
            tree.drop(tree.at(held[mark]))
            held[mark] = "null"
        said = tree.at(page["Contents"]).stream
        for place, word in enumerate(said):
            if isinstance(word, pydyf.Dictionary) and word.get("MCID") in feet:
                said[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary(_FOOT)]
