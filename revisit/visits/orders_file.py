"""A file of repair orders: what each row says in the domain's words, and every bad row with its reason."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from revisit.records.organisation import Unit
from revisit.records.problems import CallError
from revisit.settings import Settings
from revisit.visits.bad_rows import BadRow, BadSheet, RowReader, order_number, sheet_of
from revisit.visits.cells import CellFault
from revisit.visits.dates import read_day
from revisit.visits.fields import Wording, language_of, wording
from revisit.visits.phones import NOTHING, read_email, read_phone
from revisit.visits.table import Row, Table, read_table

NOT_CLOSED: frozenset[str] = NOTHING | {"未结算", "未完工", "未交车", "在修", "未結算", "open", "pending"}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A closed repair order as its row says it; ``unit`` is a path, ``phone`` in E.164 form."""

    row: int
    number: str
    unit: str
    closed_on: date
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    asset: str = ""
    plate: str = ""
    engineer: str = ""
    adviser: str = ""
    symptom: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: good rows, faults, the count of rows not closed yet, and remarks about rows that are fine.

    ``columns`` gives the file's header for each field, ``unread`` the headers that nothing is read from.
    """

    rows: list[OrderRow]
    bad: list[BadRow]
    not_closed: int
    remarks: list[str]
    columns: dict[str, str]
    encoding: str = ""
    bad_sheet: BadSheet = field(default_factory=lambda: BadSheet([], {}))
    unread: list[str] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        """Give how many rows have a fault; one row may have several."""
        return len({bad.row for bad in self.bad})


def read_orders(path: Path, settings: Settings, today: date, *, unit: str = "", encoding: str = "") -> Reading:
    """Read a CSV or spreadsheet file of repair orders.

    ``unit`` is the station of all rows where the file has no such column; ``today`` bounds the closing days. Raises
    CallError where the file as a whole cannot be read.
    """
    words = wording(settings.orders.columns, settings.orders.values)
    table = read_table(path, words, encoding)
    reader = _Reader(table, words, settings, today, _station(settings, table, unit))
    for row in table.rows:
        reader.take(row)
    columns = {name: table.called(name) for name in table.columns}
    return Reading(
        *(reader.rows, reader.bad, reader.not_closed, reader.remarks(), columns, table.encoding),
        bad_sheet=sheet_of(table, {bad.row for bad in reader.bad}),
        unread=table.unread,
    )


def _station(settings: Settings, table: Table, name: str) -> Unit | None:
    """Give the station of rows that name none: the one asked for, or the only one there is."""
    organisation = settings.organisation
    known = ", ".join(unit.id for unit in organisation.units)
    if name:
        chosen = organisation.named(name)
        if chosen is None:
            raise CallError(
                f'There is no station "{name}". Known are: {known}. Add it under [[units]] in revisit.toml.'
            )
        return chosen
    if "unit" in table.columns:
        return None
    ends = [unit for unit in organisation.units if not any(organisation.below(unit))]
    if len(ends) == 1:
        return ends[0]
    raise CallError(f"The file has no column for the station. Say which one it is from: --unit ID (one of: {known}).")


def _plain(text: str) -> str:
    return "" if text in NOTHING else text


class _Reader(RowReader):
    """Turns rows into orders and gathers what is wrong with them."""

    def __init__(self, table: Table, words: Wording, settings: Settings, today: date, station: Unit | None) -> None:
        super().__init__(table)
        self.words = words
        self.settings = settings
        self.today = today
        self.station = station
        self.rows: list[OrderRow] = []
        self.not_closed = 0
        self._seen: dict[tuple[str, str], int] = {}
        self._unknown_kinds: Counter[str] = Counter()

    def take(self, row: Row) -> None:
        """Read one row into ``rows`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        if self.table.cell(row, "closed_on").casefold() in NOT_CLOSED and self.table.cell(row, "number"):
            self.not_closed += 1
            return
        self.faults = []
        order = self._order(row)
        if order is not None:
            self._check_is_new(order)
        if self.faults:
            self.bad += self.faults
        elif order is not None:
            self.rows.append(order)

    def _order(self, row: Row) -> OrderRow | None:
        number = self.read(row, "number", order_number)
        closed_on = self.read(row, "closed_on", self._day)
        unit = self.read(row, "unit", self._unit)
        region = self.settings.orders.phone_region
        phone = self.read(row, "phone", lambda text: read_phone(text, region))
        email = self.read(row, "email", read_email)
        payer = self.read(row, "payer", self._payer)
        texts = {name: self.read(row, name, _plain) or "" for name in ("name", "asset", "plate", "engineer", "adviser")}
        symptom = self.read(row, "symptom", _plain)
        kind = self._kind(self.table.cell(row, "kind"))
        if number is None or closed_on is None or unit is None:
            return None
        return OrderRow(
            row=row.number,
            number=number,
            unit=unit,
            closed_on=closed_on,
            phone=phone or "",
            email=email or "",
            language=language_of(self.table.cell(row, "language")) or "",
            symptom=symptom or "",
            facts={fact: value for fact, value in (("payer", payer), ("kind", kind)) if value},
            **texts,
        )

    def _check_is_new(self, order: OrderRow) -> None:
        first = self._seen.setdefault((order.unit, order.number), order.row)
        if first != order.row:
            self.faults.append(
                BadRow(
                    order.row,
                    self.table.called("number"),
                    f'The number "{order.number}" already stands in row {first}',
                    "Keep one of the two rows.",
                )
            )

    def remarks(self) -> list[str]:
        """Give what a person should know about rows that are fine."""
        kinds = [
            f'"{word}" is no known kind of order ({count} {"row" if count == 1 else "rows"}); it is left out. '
            "To keep it, add the word under [orders.values.kind] in revisit.toml."
            for word, count in self._unknown_kinds.most_common()
        ]
        if {"phone", "email"} & set(self.table.columns):
            return kinds
        return [*kinds, "No column for a phone or an e-mail was found, so nobody in this file can be written to."]

    def _day(self, text: str) -> date:
        if not text:
            raise CellFault("The closing day is missing", "Fill it in.")
        day = read_day(text, self.settings.orders.dates)
        if day > self.today:
            raise CellFault(f"{day} lies in the future", "Correct the date; only closed orders are asked about.")
        return day

    def _unit(self, text: str) -> str:
        if not text and self.station is not None:
            return self.station.path
        found = self.settings.organisation.named(text) if text else None
        if found is None:
            raise self._unknown_unit(text)
        return found.path

    def _unknown_unit(self, text: str) -> CellFault:
        if not text:
            return CellFault("The station is missing", "Fill it in, or say where such rows are from: --unit ID.")
        known = ", ".join(unit.name for unit in self.settings.organisation.units)
        return CellFault(
            f'There is no station "{text}"',
            f"Known are: {known}. Is it one of them under another name, add that to the names of its [[units]] in "
            f'revisit.toml (names = {{ export = "{text}" }}); is it a new one, add a [[units]] (id = "...", '
            f'name = "{text}").',
        )

    def _payer(self, text: str) -> str:
        if text.casefold() in NOTHING:
            return ""
        value = self.words.value("payer", text)
        if value is None:
            raise CellFault(
                f'"{text}" does not say who pays',
                f'Add the word under [orders.values.payer] in revisit.toml, for example customer = ["{text}"].',
            )
        return value

    def _kind(self, text: str) -> str:
        if text.casefold() in NOTHING:
            return ""
        value = self.words.value("kind", text)
        if value is None:
            self._unknown_kinds[text[:40]] += 1
        return value or ""
