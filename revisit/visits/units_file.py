"""Units from a file: the part of an organisation tree that ``revisit.toml`` does not know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revisit.records.organisation import UNIT_KINDS, Organisation, Unit
from revisit.records.survey import LANGUAGES
from revisit.visits.bad_rows import BadRow, RowReader
from revisit.visits.cells import CellFault
from revisit.visits.fields import Columns, folded, headers
from revisit.visits.table import Row, Table, read_table

HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("unit id", "unit", "code", "编号", "代码", "網點代碼", "編號", "代碼"),
    "name": ("unit name", "名称", "网点名称", "名稱", "據點名稱"),
    "parent": ("parent id", "belongs to", "under", "上级", "上级编号", "上級", "上級編號"),
    "kind": ("level", "type", "级别", "层级", "類型", "層級", "类型"),
    "timezone": ("time zone", "时区", "時區"),
    **{f"name {language}": (f"name_{language}", f"name ({language})") for language in LANGUAGES},
}
KINDS: dict[str, tuple[str, ...]] = {
    "headquarters": ("总部", "總部"),
    "region": ("area", "大区", "区域", "區域"),
    "station": ("", "服务站", "服務站", "维修站", "維修站"),
    "outlet": ("shop", "branch", "网点", "门店", "據點", "門市"),
    "engineer": ("technician", "工程师", "工程師", "技师", "技師"),
}


@dataclass(frozen=True, slots=True)
class UnitsReading:
    """What a units file holds: the tree with the new units in it, these with parents first, and how many are known."""

    organisation: Organisation
    new: tuple[Unit, ...]
    bad: list[BadRow]
    known: int


def read_units(path: Path, organisation: Organisation, *, encoding: str = "") -> UnitsReading:
    """Read a CSV or spreadsheet file of units in any order. Raises CallError where it as a whole cannot be read."""
    columns = {name: headers(name, *words) for name, words in HEADERS.items()}
    table = read_table(
        path, Columns(columns, ("id",), f"one of the names {', '.join(HEADERS)} in its first row"), encoding
    )
    reader = _Reader(table)
    for row in table.rows:
        reader.take(row)
    return reader.grow(organisation)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A unit whose place in the tree is still to be found."""

    row: Row
    unit: Unit
    parent: str
    zone: str


class _Reader(RowReader):
    """Turns rows into units and hangs them into a tree."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self.planned: list[_Planned] = []
        self.kinds = {folded(word): kind for kind, said in KINDS.items() for word in (kind, *said)}

    def take(self, row: Row) -> None:
        """Read one row into ``planned`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        self.faults = []
        unit_id = self.read(row, "id", self._id)
        name = self.read(row, "name", lambda text: text) or unit_id
        parent = self.read(row, "parent", lambda text: text)
        kind = self.read(row, "kind", self._kind)
        zone = self.read(row, "timezone", _zone)
        names = {language: self.read(row, f"name {language}", lambda text: text) for language in LANGUAGES}
        if self.faults or unit_id is None or name is None or kind is None:
            self.bad += self.faults
            return
        held = {language: text for language, text in names.items() if text}
        self.planned.append(_Planned(row, Unit(unit_id, "", kind, name, held), parent or "", zone or ""))

    def _id(self, text: str) -> str:
        if not text or "/" in text:
            raise CellFault(f'"{text}" is no usable id', 'Give every unit one of its own, without "/".')
        if any(one.unit.id == text for one in self.planned):
            raise CellFault(f'The id "{text}" stands in an earlier row', "Give one of the two units another id.")
        return text

    def _kind(self, text: str) -> str:
        kind = self.kinds.get(folded(text))
        if kind is None:
            raise CellFault(f'"{text[:40]}" is no kind of unit', f"It may be: {', '.join(UNIT_KINDS)}.")
        return kind

    def grow(self, organisation: Organisation) -> UnitsReading:
        """Hang the units into the tree, in as many rounds as it is deep; what finds no place is bad."""
        held = {unit.id: unit for unit in organisation.units}
        root = organisation.root
        waiting, new, known = self.planned, [], 0
        while waiting:
            later: list[_Planned] = []
            for one in waiting:
                parent = held.get(one.parent.rpartition("/")[2] or root.id)
                if one.unit.id in held:
                    known += 1
                    self._compare(one, held[one.unit.id], parent)
                elif parent is None:
                    later.append(one)
                else:
                    path, zone = f"{parent.path}/{one.unit.id}", one.zone or parent.timezone
                    held[one.unit.id] = replace(one.unit, path=path, timezone=zone)
                    new.append(held[one.unit.id])
            if len(later) == len(waiting):
                self._lost(later)
                break
            waiting = later
        self.bad.sort(key=lambda bad: bad.row)
        return UnitsReading(Organisation((*organisation.units, *new)), tuple(new), self.bad, known)

    def _compare(self, one: _Planned, standing: Unit, parent: Unit | None) -> None:
        above = standing.path.rpartition("/")[0]
        if one.parent and (parent is None or parent.path != above):
            fault = CellFault(
                f'"{standing.id}" stands under "{above.rpartition("/")[2]}" already',
                "Its answers are filed under that path; leave it there, or give the new place another id.",
            )
            self._bad(one, "parent", fault)

    def _lost(self, lost: Sequence[_Planned]) -> None:
        for one in lost:
            self._bad(one, "parent", CellFault(f'There is no unit "{one.parent}" above it', "Add a row for that unit."))

    def _bad(self, one: _Planned, column: str, fault: CellFault) -> None:
        self.bad.append(BadRow(one.row.number, self.table.called(column), str(fault), fault.cure))


def _zone(text: str) -> str:
    if not text:
        return ""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CellFault(f'"{text[:40]}" is no timezone', 'Write one such as "Asia/Shanghai".') from None
