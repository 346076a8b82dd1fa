from pathlib import Path

from revisit.visits.units_file import UnitsReading, read_units
from tests.visits.shop import shop


def read(root: Path, text: str) -> UnitsReading:
    path = root / "units.csv"
    path.write_text(text, encoding="utf-8")
    return read_units(path, shop(root).organisation)


def test_it_hangs_units_into_the_tree_in_whatever_order_they_come(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "id,name,parent,kind,timezone,name_zh-Hans\n"
        "bay-2,Bay 2,west,outlet,,二号\nwest,West,,region,Europe/London,\nbay-1,,lakeside,网点,,\n",
    )
    assert reading.bad == []
    assert [(unit.path, unit.kind, unit.name, unit.timezone) for unit in reading.new] == [
        ("demo/west", "region", "West", "Europe/London"),
        ("demo/lakeside/bay-1", "outlet", "bay-1", "Asia/Shanghai"),
        ("demo/west/bay-2", "outlet", "Bay 2", "Europe/London"),
    ]
    assert reading.new[-1].names == {"zh-Hans": "二号"}
    assert reading.organisation.named("二号") == reading.new[-1]


def test_it_leaves_known_units_as_they_are(tmp_path: Path) -> None:
    reading = read(tmp_path, "id,name,parent\nlakeside,Another name,demo\nharbour,,\n")
    assert (reading.new, reading.known, reading.bad) == ((), 2, [])


def test_it_names_what_finds_no_place(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "id,name,parent,kind,timezone\n"
        "a,A,b,,\nb,B,a,,\nc,C,nowhere,,\nlakeside,,harbour,,\nx/y,,,,\nd,,,palace,\ne,,,,Mars/Base\nf,,,,\nf,,,,\n",
    )
    assert [unit.id for unit in reading.new] == ["f"]
    assert [(bad.row, bad.column, bad.what) for bad in reading.bad] == [
        (2, "parent", 'There is no unit "b" above it'),
        (3, "parent", 'There is no unit "a" above it'),
        (4, "parent", 'There is no unit "nowhere" above it'),
        (5, "parent", '"lakeside" stands under "demo" already'),
        (6, "id", '"x/y" is no usable id'),
        (7, "kind", '"palace" is no kind of unit'),
        (8, "timezone", '"Mars/Base" is no timezone'),
        (10, "id", 'The id "f" stands in an earlier row'),
    ]
