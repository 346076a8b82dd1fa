#!/usr/bin/env python3
"""Make the two example exports again: examples/make.py [--until 2026-11-20].

Everybody in them is made up. The same day gives the same bytes.
"""

import argparse
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).resolve().parent
UNTIL = date(2026, 11, 20)

HEADER = (
    "工单号",
    "结算日期",
    "服务站",
    "客户姓名",
    "手机",
    "邮箱",
    "车型",
    "车牌号",
    "维修技师",
    "服务顾问",
    "故障描述",
    "付款方式",
    "维修类型",
)
NAMES = "甲乙丙丁戊己庚辛壬癸"
STATIONS = ("湖滨站", "海港站", "北门站", "机场站")
MODELS = ("轻风 1.5", "轻风 1.8", "远山 SUV", "小城 EV", "长河 MPV")
FAULTS = ("刹车异响", "空调不制冷", "定期保养", "更换轮胎", "发动机故障灯亮", "右前门钣金")
PAYERS = ("自费", "自费", "保修", "自费", "保险", "自费")
KINDS = ("维修", "保养", "维修", "保养", "维修", "钣喷")

# A system's exports differ from a hand-kept sheet: all these are one day.
DATE_FORMS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%Y-%m-%d} 16:40",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: str((day - date(1899, 12, 30)).days),
)
PHONE_FORMS: tuple[Callable[[int], str], ...] = (
    lambda tail: f"1300000{tail:04}",
    lambda tail: f"+86 130 0000 {tail:04}",
    lambda tail: f"130-0000-{tail:04}",
    lambda tail: f"１３００００{tail:05}",
)


def dealer_rows(until: date) -> list[list[str]]:
    """Give 40 rows of a dealer's export; the last ones have what goes wrong in real files."""
    rows = []
    for place in range(32):
        day = until - timedelta(days=(31 - place) // 2)
        rows.append(
            [
                f"LX-{place + 1:04}",
                DATE_FORMS[place % len(DATE_FORMS)](day),
                STATIONS[place % len(STATIONS)],
                f"样例{NAMES[place % 10]}{place // 10 + 1}",
                PHONE_FORMS[place % len(PHONE_FORMS)](100 + place),
                f"sample{place + 1}@example.com" if place % 5 == 0 else "",
                MODELS[place % len(MODELS)],
                f"沪A{100 + place:05}",
                f"技师{NAMES[place % 6]}",
                f"顾问{NAMES[place % 4]}",
                FAULTS[place % len(FAULTS)],
                PAYERS[place % len(PAYERS)],
                KINDS[place % len(KINDS)],
            ]
        )
    return rows + troubled_rows(until)


def troubled_rows(until: date) -> list[list[str]]:
    """Give the rows that a look at the preview is for."""
    day = f"{until:%Y-%m-%d}"

    def row(number: str, **other: str) -> list[str]:
        usual = [
            "湖滨站",
            "样例子",
            "13000000200",
            "",
            "轻风 1.5",
            "沪A00200",
            "技师甲",
            "顾问甲",
            "刹车异响",
            "自费",
            "维修",
        ]
        cells = dict(zip(HEADER, [number, day, *usual], strict=True))
        return list((cells | other).values())

    return [
        row("LX-0033", 手机="1.38E+10"),
        row("LX-0034", 服务站="城南站"),
        row("LX-0035", 结算日期="03/04/2026"),
        row("LX-0001"),
        row("LX-0037", 付款方式="挂账"),
        row("LX-0038", 结算日期=""),
        row("LX-0039", 付款方式="内部结算"),
        row("LX-0040", 客户姓名="", 手机=""),
    ]


def dealer_csv(until: date) -> bytes:
    """Give the dealer's export: GB18030, a title above the headers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["示例汽车 已结算工单"])
    writer.writerow(HEADER)
    writer.writerows(dealer_rows(until))
    return text.getvalue().encode("gb18030")


MACHINES = ("Excavator EX-210", "Wheel loader WL-50", "Road roller RR-12", "Crane TC-25")
PEOPLE = ("Ada Sample", "Ben Sample", "Cleo Sample", "Dan Sample", "Eve Sample")
FIRMS = ("Made-Up Construction", "Sample Quarry", "Example Roads")
JOBS = (
    ("Hydraulic hose leaks", "Customer pay", "Repair"),
    ("500 h service", "Customer pay", "Maintenance"),
    ("Engine will not start", "Warranty", "Repair"),
    ("Commissioning on site", "Manufacturer", "Commissioning"),
    ("Track tension", "Customer pay", "Repair"),
)
COLUMNS = (
    *("Work order", "Completed on", "Workshop", "Contact", "Mobile", "Email", "Machine", "Serial no"),
    *("Technician", "Fault", "Paid by", "Job type", "Language"),
)


def machinery_xlsx(until: date) -> bytes:
    """Give a machinery workshop's export: real dates, phones as numbers, one order still open, one bad address."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "Closed work orders (made up)", "created": datetime(2026, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("Work orders")
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
    sheet.set_column(0, len(COLUMNS) - 1, 18)
    stations = ("Lakeside Station", "Harbour Station", "North Gate Station", "Airport Station")
    for place in range(30):
        row = place + 1
        fault, payer, kind = JOBS[place % len(JOBS)]
        sheet.write_string(row, 0, f"WO-{7000 + place}")
        if place != 28:
            sheet.write_datetime(
                row, 1, datetime.combine(until, datetime.min.time()) - timedelta(days=29 - place), day_format
            )
        sheet.write_string(row, 2, stations[place % len(stations)])
        sheet.write_string(row, 3, f"{PEOPLE[place % len(PEOPLE)]}, {FIRMS[place % len(FIRMS)]}")
        sheet.write_number(row, 4, 13000000300 + place)
        sheet.write_string(row, 5, "not an address" if place == 29 else f"contact{place}@example.com")
        sheet.write_string(row, 6, MACHINES[place % len(MACHINES)])
        sheet.write_string(row, 7, f"SN{place:05}")
        sheet.write_string(row, 8, f"Technician {place % 4 + 1}")
        sheet.write_string(row, 9, fault)
        sheet.write_string(row, 10, payer)
        sheet.write_string(row, 11, kind)
        sheet.write_string(row, 12, "English")
    book.close()
    return buffer.getvalue()


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", type=date.fromisoformat, default=UNTIL, help="last closing day")
    until = parser.parse_args().until
    (FOLDER / "orders-dealer.csv").write_bytes(dealer_csv(until))
    (FOLDER / "orders-machinery.xlsx").write_bytes(machinery_xlsx(until))


if __name__ == "__main__":
    main()
