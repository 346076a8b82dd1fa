"""The glyphs that a PDF shows, read from its pages and its embedded fonts."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

SHOWS = {"Tj", "TJ", "'", '"'}


def shown(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, int]]:
    """Give each font with each code that a page, or a form on it, shows in it; codes have two bytes."""
    for page in pdf.pages:
        yield from _shown(page.obj, page.obj.Resources)


def _shown(content: Any, resources: Any) -> Iterator[tuple[Any, int]]:
    font = None
    for step in pikepdf.parse_content_stream(content):
        operands, operator = step.operands, step.operator
        if str(operator) == "Tf":
            font = resources.Font[str(operands[0])]
        elif str(operator) == "Do":
            inner = resources.XObject[str(operands[0])]
            if inner.Subtype == "/Form":
                yield from _shown(inner, inner.get("/Resources", resources))
        elif str(operator) in SHOWS:
            pieces = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
            held = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            assert len(held) % 2 == 0
            yield from ((font, int.from_bytes(held[at : at + 2])) for at in range(0, len(held), 2))


def missing(content: bytes) -> list[str]:
    """Name what is shown and is ``.notdef``, or not in the embedded font, or has no outline without being a space."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts: dict[Any, tuple[Any, set[int]]] = {}
        for font, code in shown(pdf):
            fonts.setdefault(font.objgen, (font, set()))[1].add(code)
        assert fonts
        for font, codes in fonts.values():
            described = font.DescendantFonts[0].FontDescriptor
            file = next(described[name] for name in ("/FontFile3", "/FontFile2") if name in described)
            glyphs = _Glyphs(file.read_bytes(), font.ToUnicode.read_bytes())
            found += [f"{font.BaseFont} {code}: {why}" for code in sorted(codes) if (why := glyphs.fault(code))]
    return found


class _Glyphs:
    """One embedded font with the characters that its codes stand for."""

    def __init__(self, file: bytes, characters: bytes) -> None:
        self._font = TTFont(io.BytesIO(file), lazy=True)
        self._set = self._font.getGlyphSet()
        self._order = self._font.getGlyphOrder()
        self._characters = _characters(characters)

    def fault(self, code: int) -> str:
        if code == 0 or code >= len(self._order):
            return ".notdef" if code == 0 else "not in the font"
        pen = BoundsPen(self._set)
        self._set[self._order[code]].draw(pen)
        meant = self._characters.get(code, "")
        return "" if pen.bounds or (meant and not meant.strip()) else f"no outline for {meant!r}"


def _characters(table: bytes) -> dict[int, str]:
    """Read the pairs of a ToUnicode table, of which only single ones are written."""
    pairs: dict[int, str] = {}
    inside = False
    for line in table.decode("ascii").splitlines():
        if "beginbfchar" in line or "endbfchar" in line:
            inside = "begin" in line
        elif inside:
            code, meant = (bytes.fromhex(part.strip("<>")) for part in line.split())
            pairs[int.from_bytes(code)] = meant.decode("utf-16-be")
    return pairs
