"""What became of each order's visit in another tool: declined, unreachable, tried, excluded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from revisit.records.problems import CallError
from revisit.records.visits import EXCLUSIONS
from revisit.settings import Settings
from revisit.visits.answers_file import moment, unit_path
from revisit.visits.answers_words import AnswerMap
from revisit.visits.bad_rows import BadRow, RowReader, order_number
from revisit.visits.cells import CellFault
from revisit.visits.fields import COLUMNS, Columns, headers, said
from revisit.visits.table import Row, Table, read_table

# What a row may say. "nothing" is a visit that was answered, or that nobody tried: its answer or its expiry says so.
Disposition = Literal["declined", "unreachable", "tried", "excluded", "nothing"]

DISPOSITIONS: dict[Disposition, tuple[str, ...]] = {
    "declined": ("refused", "refusal", "拒访", "拒绝", "拒接", "拒訪", "拒絕"),
    "unreachable": ("无法联系", "联系不上", "無法聯絡"),
    "tried": ("no answer", "attempted", "无人接听", "未接通", "未接", "無人接聽", "未接通"),
    "excluded": ("not eligible", "不回访", "免访", "剔除", "不回訪", "免訪"),
    "nothing": ("", "answered", "completed", "open", "due", "expired", "成功", "已完成", "未访", "完成"),
}
# The codes of AAPOR's Standard Definitions: the disposition each stands for, and its reason. A wrong number leaves open
# whether anybody could have answered (UO); I and P are told by the answer itself, and NI by nobody having tried.
CODES: dict[str, tuple[Disposition, str]] = {
    "I": ("nothing", ""),
    "P": ("nothing", ""),
    "R": ("declined", ""),
    "NC": ("tried", ""),
    "O": ("tried", ""),
    "UO": ("unreachable", "wrong_number"),
    "NE": ("excluded", ""),
    "NI": ("excluded", ""),
}
CODE_WORDS: dict[str, tuple[str, ...]] = dict.fromkeys(CODES, ()) | {
    "UO": ("wrong number", "invalid number", "空号", "号码错误", "空號", "號碼錯誤"),
}
REASONS: dict[str, tuple[str, ...]] = {
    "internal_order": ("internal", "internal order", "内部", "内部订单", "內部"),
    "asset_sold": ("sold", "asset sold", "已转卖", "车辆已售", "已過戶", "已过户"),
    "duplicate": ("duplicate visit", "重复", "重複"),
    "opted_out": ("opted out", "opt-out", "do not contact", "拒绝回访", "免打扰", "勿擾"),
    "frequency_cap": ("frequency cap", "contacted recently", "近期已回访", "近期已回訪"),
    "no_contact": ("no contact", "no contact data", "no phone", "无联系方式", "无电话", "無聯絡方式"),
}
MEANS: dict[str, tuple[str, ...]] = {
    "phone": ("", "call", "telephone", "电话", "電話"),
    "email": ("e-mail", "mail", "邮件", "電子郵件"),
    "message": ("sms", "text", "wechat", "短信", "微信", "簡訊"),
}
HEADERS: dict[str, tuple[str, ...]] = {
    "number": COLUMNS["number"],
    "unit": COLUMNS["unit"],
    "disposition": ("outcome", "result", "回访结果", "回访状态", "结果", "回訪結果", "結果"),
    "reason": ("excluded because", "原因", "剔除原因", "不回访原因", "不回訪原因"),
    "date": ("on", "at", "tried on", "回访日期", "回访时间", "日期", "回訪日期", "回訪時間"),
    "means": ("by", "channel", "回访方式", "方式", "回訪方式"),
}


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """What a row says about one order's visit. ``at`` is aware UTC, None where the file names no day."""

    row: int
    number: str
    unit: str
    what: Disposition
    reason: str = ""
    at: datetime | None = None
    means: str = "phone"


@dataclass(frozen=True, slots=True)
class DispositionsReading:
    """What a dispositions file holds; ``number`` is its header of order numbers."""

    rows: list[DispositionRow]
    bad: list[BadRow]
    number: str = "number"


def read_dispositions(path: Path, own: AnswerMap, settings: Settings, *, encoding: str = "") -> DispositionsReading:
    """Read a CSV or spreadsheet file of dispositions. Raises CallError where the file as a whole cannot be read."""
    columns = {name: headers(*own.columns.get(name, ()), name, *words) for name, words in HEADERS.items()}
    finder = Columns(columns, ("number", "disposition"), "[columns] in a file given with --map")
    table = read_table(path, finder, encoding)
    reader = _Reader(table, own, settings)
    for row in table.rows:
        reader.take(row)
    return DispositionsReading(reader.rows, reader.bad, table.called("number"))


def _codes(words: Mapping[str, tuple[str, ...]], own: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    known = {said(word): code for code, listed in words.items() for word in (code, *listed)}
    for code in own:
        if code not in words:
            raise CallError(f'The map file gives words for "{code}". Known there are: {", ".join(words)}.')
    return known | {said(word): code for code, listed in own.items() for word in listed}


class _Reader(RowReader):
    """Turns rows into dispositions."""

    def __init__(self, table: Table, own: AnswerMap, settings: Settings) -> None:
        super().__init__(table)
        self.settings = settings
        self.rows: list[DispositionRow] = []
        self.dispositions = _codes(
            {str(name): words for name, words in DISPOSITIONS.items()} | CODE_WORDS,
            own.values.get("disposition", {}),
        )
        self.reasons = _codes(REASONS, own.values.get("reason", {}))
        self.means = _codes(MEANS, {})

    def take(self, row: Row) -> None:
        """Read one row into ``rows`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        self.faults = []
        number = self.read(row, "number", order_number)
        unit = self.read(row, "unit", lambda text: unit_path(text, self.settings))
        code = self.read(row, "disposition", lambda text: _known(text, self.dispositions, "outcome", "disposition"))
        what, reason = self._what(row, code or "nothing")
        at = self.read(row, "date", lambda text: moment(text, self.settings, unit or "") if text else None)
        means = self.read(row, "means", lambda text: _known(text, self.means, "means", "means")) or "phone"
        if self.faults or number is None:
            self.bad += self.faults
            return
        self.rows.append(DispositionRow(row.number, number, unit or "", what, reason, at, means))

    def _what(self, row: Row, code: str) -> tuple[Disposition, str]:
        """Give what a row's code says, with its reason; a fault of the reason is noted."""
        if code in CODES:
            what, reason = CODES[code]
        else:
            what, reason = next((known for known in DISPOSITIONS if known == code), "nothing"), ""
        if code == "NI" and not self.table.cell(row, "reason"):
            return "nothing", ""  # nobody asked and nobody says why: the visit expires untried, which is NI
        if what == "excluded":
            reason = self.read(row, "reason", lambda text: self._reason(text, code)) or ""
        return what, reason

    def _reason(self, text: str, code: str) -> str:
        """Read why an order was excluded; NE and NI take only the reasons that mean as much."""
        eligible = {"NE": [True], "NI": [False]}.get(code, [True, False])
        allowed = [reason for reason, leaves in EXCLUSIONS.items() if leaves in eligible]
        if not text:
            raise CellFault("An excluded order needs a reason", f"Write one of: {', '.join(allowed)}.")
        reason = _known(text, self.reasons, "reason", "reason")
        if reason not in allowed:
            raise CellFault(f'"{text[:40]}" does not mean {code}', f"Write one of: {', '.join(allowed)}.")
        return reason


def _known(text: str, codes: Mapping[str, str], what: str, name: str) -> str:
    code = codes.get(said(text))
    if code is None:
        known = ", ".join(dict.fromkeys(codes.values()))
        raise CellFault(
            f'"{text[:40]}" is no known {what}',
            f"Known are: {known}. Other words go under [values.{name}] in a --map file.",
        )
    return code
