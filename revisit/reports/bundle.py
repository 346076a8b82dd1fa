"""The bundle inside a PDF: the figures, and the order they were printed from, so that the pages can be made again."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import pypdfium2
from pypdfium2 import raw

from revisit.records.problems import CallError
from revisit.records.survey import Survey
from revisit.reports.inside import FIGURES, PARAMETERS, PARTS, TABLE, TWIN, attachments
from revisit.reports.orders import Brand, Edition, Order
from revisit.reports.pdf import Attached

_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a report was asked for and made with; ``answers`` are the fingerprints of the answers it counts.

    ``key`` is the id of the key they were made with; it is empty in reports that were made before there was one.
    """

    kind: str
    survey: str
    form_hash: str
    text_hash: str
    unit: str
    first: str
    last: str
    language: str
    cutoff: str
    level: str
    edition: int
    replaces: str
    made_with: dict[str, str]
    fingerprint: str
    answers: tuple[str, ...]
    key: str = ""


def _named(asked: Parameters) -> dict[str, Any]:
    """Give the parameters by name; of a report that knows no key there is none, so that it stays byte for byte."""
    return {name: value for name, value in asdict(asked).items() if value or name != "key"}


def pack(order: Order, asked: Parameters, twin: str) -> list[Attached]:
    """Give the files that go into the PDF: figures as JSON and CSV, what was asked for, the page for a browser."""
    printed = {
        "unit_name": order.unit_name,
        "zone": order.zone,
        "comments": list(order.comments),
        "more": order.more,
        "names": dict(order.names),
        "brand": asdict(order.brand),
    }
    files = [
        Attached(FIGURES, "The figures of this report", orjson.dumps(order.findings, option=orjson.OPT_INDENT_2)),
        Attached(TABLE, "The figures as a table", table([order.findings, *order.parts])),
        Attached(PARAMETERS, "What the report was asked for", _plain({"asked": _named(asked), "printed": printed})),
        Attached(TWIN, "This report as a page for a browser", twin.encode()),
    ]
    if order.parts:
        files.append(Attached(PARTS, "The figures of the parts", orjson.dumps(list(order.parts))))
    return files


def _plain(value: Any) -> bytes:
    return orjson.dumps(value, option=_PRETTY)


def table(findings: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the figures of units as CSV (UTF-8 with a mark, so that spreadsheets read it): unit, figure, value."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("unit", "figure", "value"))
    for found in findings:
        writer.writerows((found["unit"]["path"], name, value) for name, value in flat(found))
    return ("\ufeff" + text.getvalue()).encode()


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every single value of the findings by its place, such as ``dimensions.speed.score``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{name}.{place}")
    else:
        yield name, value


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a PDF carries: the words it was printed from, without the survey, which the workspace keeps."""

    parameters: Parameters
    findings: dict[str, Any]
    parts: list[dict[str, Any]]
    printed: dict[str, Any]
    twin: bytes

    def order(self, survey: Survey) -> Order:
        """Give the order that the pages were printed from."""
        asked, printed = self.parameters, self.printed
        return Order(
            findings=self.findings,
            survey=survey,
            language=asked.language,
            unit_name=printed["unit_name"],
            zone=printed["zone"],
            comments=printed["comments"],
            more=printed["more"],
            names=printed["names"],
            brand=Brand(**printed["brand"]),
            kind=asked.kind,
            parts=self.parts,
            edition=Edition(asked.edition, asked.replaces),
            level=asked.level,
            fingerprint=asked.fingerprint,
            made_with=asked.made_with,
        )


def unpack(content: bytes) -> Bundle:
    """Read what a PDF carries. Raises CallError for a file that is no PDF, is locked or is no report."""
    try:
        files = attachments(content)
        read = orjson.loads(files[PARAMETERS])
        asked = read["asked"]
        return Bundle(
            Parameters(**(asked | {"answers": tuple(asked["answers"])})),
            orjson.loads(files[FIGURES]),
            orjson.loads(files[PARTS]) if PARTS in files else [],
            read["printed"],
            files[TWIN],
        )
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise CallError("This file asks for a password. Take the file that was issued: it has none.") from None
        raise CallError("This file is no PDF, or a broken one. Take the file that was issued.") from None
    except (KeyError, TypeError, ValueError):
        raise CallError(
            "This file carries no figures of Revisit, or only a part of them: it is no report of this program, or it "
            "was saved by a program that drops attachments. Take the file that was issued."
        ) from None
