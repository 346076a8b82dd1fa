"""Likeness: whether two PDFs show the same pages, to the eye and to a screen reader, and say the same of themselves."""

import ctypes
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pypdfium2
from pypdfium2 import raw

# Pages are compared at this size: 1.5 pixels per point show every digit.
SCALE = 1.5
# What a document says of itself and another version of the PDF engine says as well.
_LASTING = ("Title", "Author", "Subject", "Keywords")
_STREAM = re.compile(rb"(?<!end)stream\r?\n(.*?)endstream", re.DOTALL)
_GAP = re.compile(rb"\s*(/>|<)\s*")  # programs set tags closer or wider when they save
_PACKET = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)
_MOST = 4096  # bytes of an address that a link leads to


def other_pages(content: bytes, again: bytes, *, by_words: bool) -> tuple[int, ...]:
    """Give the numbers of the pages that differ; with ``by_words`` only printed numbers are compared, as page 1."""
    with closing(pypdfium2.PdfDocument(content)) as theirs, closing(pypdfium2.PdfDocument(again)) as ours:
        if by_words:
            return () if _numbers(theirs) == _numbers(ours) else (1,)
        least, most = sorted((len(theirs), len(ours)))
        return tuple(
            number + 1
            for number in range(most)
            if number >= least or _page(theirs, number) != _page(ours, number) or _seen(theirs, number, ours)
        )


def other_words(content: bytes, again: bytes, *, lasting: bool) -> bool:
    """Say whether a document says anything else of itself: title, language, bookmarks, scripts.

    With ``lasting`` what names the PDF engine is left out.
    """
    with closing(pypdfium2.PdfDocument(content)) as theirs, closing(pypdfium2.PdfDocument(again)) as ours:
        if lasting:
            one, other = theirs.get_metadata_dict(), ours.get_metadata_dict()
            return any(one.get(name) != other.get(name) for name in _LASTING)
        return _about(theirs) != _about(ours) or _packets(content) != _packets(again)


def _about(document: pypdfium2.PdfDocument) -> tuple[Any, ...]:
    marks = [(mark.level, mark.get_title(), _index(mark.get_dest())) for mark in document.get_toc()]
    scripts = raw.FPDFDoc_GetJavaScriptActionCount(document)
    language = _text(lambda held, size: raw.FPDFCatalog_GetLanguage(document, held, size))
    return (document.get_metadata_dict(), marks, scripts, language, document.get_formtype(), document.get_pagemode())


def _packets(content: bytes) -> set[bytes]:
    """Give what a file says of itself in XMP, in every state it had. PDFium reads none, so the streams are searched."""
    found: set[bytes] = set()
    for stream in _STREAM.findall(content):
        with suppress(zlib.error):  # one that is not compressed, or not with this
            found.update(_PACKET.findall(zlib.decompressobj().decompress(stream)))
        found.update(_PACKET.findall(stream))
    return {_GAP.sub(rb"\1", packet) for packet in found}


def _index(destination: pypdfium2.PdfDest | None) -> int | None:
    return None if destination is None else destination.get_index()


def _seen(theirs: pypdfium2.PdfDocument, number: int, ours: pypdfium2.PdfDocument) -> bool:
    """Say whether a page looks otherwise."""
    return _picture(theirs, number) != _picture(ours, number)


def _picture(document: pypdfium2.PdfDocument, number: int) -> bytes:
    return bytes(document[number].render(scale=SCALE).buffer)


def _page(document: pypdfium2.PdfDocument, number: int) -> tuple[Any, ...]:
    """Give what of a page a picture does not tell: its size, its text, what lies over it, what a screen reader says."""
    page = document[number]
    said = page.get_textpage().get_text_range()
    return page.get_size(), page.get_rotation(), said, list(_laid_over(document, page)), list(_tags(page))


def _laid_over(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[tuple[Any, ...]]:
    """Give the annotations of a page, also those that a screen hides and a printer prints."""
    for place in range(raw.FPDFPage_GetAnnotCount(page)):
        one = raw.FPDFPage_GetAnnot(page, place)
        rect = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(one, rect)
        link = raw.FPDFAnnot_GetLink(one)
        address = b""
        if link and (action := raw.FPDFLink_GetAction(link)):
            held = ctypes.create_string_buffer(_MOST)
            raw.FPDFAction_GetURIPath(document, action, held, _MOST)
            address = held.value
        corners = tuple(round(side, 2) for side in (rect.left, rect.bottom, rect.right, rect.top))
        yield raw.FPDFAnnot_GetSubtype(one), raw.FPDFAnnot_GetFlags(one), corners, address
        raw.FPDFPage_CloseAnnot(one)


def _tags(page: pypdfium2.PdfPage) -> Iterator[tuple[str, ...]]:
    """Give the tags of a page in their order, with the words that stand for what cannot be seen."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    try:
        for place in range(raw.FPDF_StructTree_CountChildren(tree)):
            yield from _below(raw.FPDF_StructTree_GetChildAtIndex(tree, place))
    finally:
        raw.FPDF_StructTree_Close(tree)


_SAID = (
    raw.FPDF_StructElement_GetType,
    raw.FPDF_StructElement_GetAltText,
    raw.FPDF_StructElement_GetActualText,
    raw.FPDF_StructElement_GetLang,
)


def _below(element: Any) -> Iterator[tuple[str, ...]]:
    if not element:
        return
    yield tuple(_text(lambda held, size, ask=ask: ask(element, held, size)) for ask in _SAID)  # type: ignore[misc]
    for place in range(raw.FPDF_StructElement_CountChildren(element)):
        yield from _below(raw.FPDF_StructElement_GetChildAtIndex(element, place))


def _text(ask: Callable[[Any, int], int]) -> str:
    """Give a text that PDFium hands over in UTF-16, asked for its length first."""
    size = ask(None, 0)
    if size <= 0:
        return ""
    held = (ctypes.c_ushort * -(-size // 2))()
    ask(held, size)
    return bytes(held).decode("utf-16-le", "replace").rstrip("\x00")


def _numbers(document: pypdfium2.PdfDocument) -> list[str]:
    """Give every word with a digit that is printed, in order of the alphabet: pages may break elsewhere."""
    words = [word for page in document for word in page.get_textpage().get_text_range().split()]
    return sorted(word for word in words if any(letter.isdigit() for letter in word))
