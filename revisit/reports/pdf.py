"""PDF: pages of HTML become a tagged PDF, the same bytes each time, with nothing read from anywhere else."""

import gc
import hashlib
import logging
import mimetypes
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from revisit.reports.errors import MissingGlyphs, ReportError

try:
    import weasyprint
    from weasyprint.text.ffi import harfbuzz, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    from revisit.reports import tags
except OSError as error:  # Pango is a library of the system, not of Python
    raise ReportError(
        f"Reports need the Pango library, which cannot be loaded ({error}). On Debian type: "
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
    ) from error


# What a thread has found out for itself: Pango's maps of fonts are not shared between threads.
_OWN = threading.local()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Gives ``data:`` addresses and files below the templates folders; everything else stops the report, unopened."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self.folders = tuple(folder.resolve() for folder in folders)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Fetch an address, or refuse it by naming it."""
        if url[:5].lower() == "data:":
            return super().fetch(url, headers)
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme.lower() != "file" or parts.netloc or not any(path.is_relative_to(one) for one in self.folders):
            raise FatalURLFetchingError(
                f'The report asks for "{url[:200]}". A report may only use "data:" addresses and files of the '
                "templates folder."
            )
        if not path.is_file():
            raise FatalURLFetchingError(f'The report asks for "{path.name}", which is not in the templates folder.')
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def write_pdf(html: str, *, moment: datetime, folders: Sequence[Path] = (), attached: Sequence[Attached] = ()) -> bytes:
    """Turn pages into a tagged PDF (PDF/UA-1) with the files attached.

    ``moment`` is written as the time of the document and of its attachments, and the identifier is made from the
    content: the same pages give the same bytes. Raises ReportError for anything WeasyPrint warns of and for any address
    outside the templates folders, MissingGlyphs for characters that no font has.
    """
    fetcher = Fetcher(folders)
    base_url = f"{folders[0].resolve().as_uri()}/" if folders else "data:,"
    attachments = [
        weasyprint.Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            created=moment,
            modified=moment,
            relationship="Data",
            url_fetcher=fetcher,
        )
        for one in attached
    ]
    with _warnings() as said, _uncollected():
        try:
            document = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher).render(
                font_config=_fonts(html), pdf_variant="pdf/ua-1", attachments=attachments
            )
            content: bytes = document.write_pdf(
                finisher=tags.mend,
                pdf_variant="pdf/ua-1",
                attachments=attachments,
                pdf_identifier=_identifier(html, attached),
            )
        except FatalURLFetchingError as error:
            raise ReportError(f"{error} Take it out of the template or of [brand] in revisit.toml.") from error
    if said:
        raise _complaint(said)
    return content


def engine_versions() -> dict[str, str]:
    """Give the versions of the libraries of the system that set type: they decide where lines break."""
    major, rest = divmod(int(pango.pango_version()), 10_000)
    minor, micro = divmod(rest, 100)
    return {"pango": f"{major}.{minor}.{micro}", "harfbuzz": _harfbuzz_version()}


def _harfbuzz_version() -> str:
    """Ask number by number, since all that HarfBuzz is asked here is whether it is at least of a version."""
    found: list[int] = []
    while len(found) < 3:
        number, zeros = 0, [0] * (2 - len(found))
        while harfbuzz.hb_version_atleast(*found, number + 1, *zeros):
            number += 1
        found.append(number)
    return ".".join(map(str, found))


def _identifier(html: str, attached: Sequence[Attached]) -> bytes:
    digest = hashlib.sha256(html.encode())
    for one in attached:
        digest.update(one.content)
    return digest.hexdigest()[:32].encode()


def _fonts(html: str) -> FontConfiguration:
    """Give the installed fonts, found once for all pages; pages that may bring fonts of their own find theirs anew."""
    brings = any(word in html for word in ("@font-face", "@import", "<link"))
    if brings:
        return FontConfiguration()
    if not hasattr(_OWN, "fonts"):
        _OWN.fonts = FontConfiguration()
    return _OWN.fonts


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no collector of garbage run: a report makes half a million objects and lives a second.

    Walking over them again and again takes a fifth of the time. What is left is collected with the next garbage.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Gathering(logging.Handler):
    """Keeps what one thread is warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.records.append(record)


@contextmanager
def _warnings() -> Iterator[list[logging.LogRecord]]:
    """Gather WeasyPrint's warnings and errors: it draws on where a glyph, an image or a rule is missing."""
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    handler = _Gathering()
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.records
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def _complaint(records: Sequence[logging.LogRecord]) -> ReportError:
    missing = dict.fromkeys(
        str(record.args[0])
        for record in records
        if ".notdef" in str(record.msg) and isinstance(record.args, tuple) and record.args
    )
    if missing:
        return MissingGlyphs(tuple(missing))
    first = "; ".join(dict.fromkeys(record.getMessage() for record in records))
    return ReportError(f"The report was not made, because it would not come out as its template says: {first[:600]}")
