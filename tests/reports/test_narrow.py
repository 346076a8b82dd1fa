"""The narrow form of each chart: everything inside its canvas, and no words over others, whatever the names are."""

import re
from itertools import combinations

import pytest

from revisit.reports.canvas import breadth
from revisit.reports.charts import Bar, Charts, Frame, Point, Row, Spot
from revisit.reports.drawing import Drawing
from revisit.reports.labels import label_cells
from revisit.reports.palette import DEFAULT, palette
from revisit.reports.plots import Driver, Steps, drivers_chart, pareto, steps_chart
from revisit.reports.sheets import SLIM

CHARTS = Charts("Noto Sans CJK SC", palette(DEFAULT))
NAMES = {
    "en": ("Explanation of what was done and of what it would cost", "Harbour Hill Service Station", "Speed"),
    "zh-Hans": ("上海市浦东新区张江高科技园区第二维修服务站（新能源）", "维修解释与费用说明", "速度"),
    "zh-Hant": ("臺北市信義區松高路旗艦維修服務據點（新能源車）", "維修說明與費用解釋", "速度"),
}
NOTES = {"en": "1,120, 84.2% of due", "zh-Hans": "1,120，占应回访的 84.2%", "zh-Hant": "1,120，占應回訪的 84.2%"}
LANGUAGES = sorted(NAMES)

Box = tuple[float, float, float, float]


def drawings(language: str) -> dict[str, Drawing]:
    """Draw each kind of chart with long names and figures, and with values at both ends of their scales."""
    names, note = NAMES[language], NOTES[language]
    rows = [
        Row(name, value, low, high, "80.4 (77.2–83.2)", "n = 1,213*", target=100, band=(0, 100))
        for name, (value, low, high) in zip(names, ((0, 0, 4), (100, 96, 100), (50, 40, 60)), strict=True)
    ]
    rows.append(Row(names[1], None, None, None, note))
    bars = [Bar(name, 1120 // (place + 1), note) for place, name in enumerate(names)]
    months = [Point(f"2026年{n % 12 + 1}月", 60.0 + n, 50.0 + n, 70.0 + n, f"{60 + n}.5") for n in range(24)]
    limits = (0.7, 0.9, 0.6, 0.95)
    spots = [Spot(40 + 90 * place, 0.7 + place / 10, limits, name, marked=True) for place, name in enumerate(names)]
    drivers = [Driver(name, 60 + 9 * place, 0.1 + place / 5, place == 0) for place, name in enumerate(names)]
    heads = ("Bars: share of the 1,033 customers", "Dots: of all 1,172 reasons")
    above = ("Score of the dimension", "Part of the differences in overall satisfaction that goes with it")
    steps = [Steps(name, (200, 150, 90), f"200 · {note}") for name in names]
    return {
        "dots": CHARTS.dots("d", "D", rows, reference=70),
        "bars": CHARTS.bars("b", "B", bars),
        "steps": steps_chart(CHARTS, "s", "S", steps),
        "pareto": pareto(CHARTS, "p", "P", bars, [0.4, 0.8, 1.0], heads),
        "series": CHARTS.series("t", "T", months, target=80, centre=75),
        "funnel": CHARTS.funnel("f", "F", spots, ("Number of answers", "Satisfied, percent")),
        "drivers": drivers_chart(CHARTS, "g", "G", drivers, above),
    }


def words(svg: str) -> list[tuple[str, Box]]:
    """Give what is written, with the box that its letters need."""
    found = []
    for x, y, rest, text in re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"([^>]*)>([^<]+)</text>', svg):
        size = float((re.search(r'font-size="([\d.]+)"', rest) or ["", "12"])[1])
        anchor = (re.search(r'text-anchor="(\w+)"', rest) or ["", "start"])[1]
        wide = breadth(text, size)
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        found.append((text, (left, float(y) - 0.75 * size, left + wide, float(y) + 0.1 * size)))
    return found


def marks(svg: str) -> list[tuple[float, float]]:
    """Give the corners of bars, the middles of dots, and where lines begin and turn."""
    corners = [
        tuple(map(float, one)) for one in re.findall(r'<rect x="(.+?)" y="(.+?)" width="(.+?)" height="(.+?)"', svg)
    ]
    places = [(x, y) for x, y, _w, _h in corners] + [(x + wide, y + high) for x, y, wide, high in corners]
    places += [(float(x), float(y)) for x, y in re.findall(r'<circle cx="(.+?)" cy="(.+?)"', svg)]
    for path in re.findall(r' d="(.+?)"', svg):
        places += [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+),([\d.-]+)", path)]
        places += [(float(x), 0.0) for x in re.findall(r"H([\d.-]+)", path)]
        places += [(0.0, float(y)) for y in re.findall(r"V([\d.-]+)", path)]
    return places


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_keeps_every_mark_and_word_of_a_narrow_chart_on_its_canvas(language: str) -> None:
    for kind, drawing in drawings(language).items():
        size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing.narrow)
        assert size is not None
        wide, high = float(size[1]), float(size[2])
        assert wide == SLIM.width
        for x, y in marks(drawing.narrow):
            assert 0 <= x <= wide, (kind, x)
            assert 0 <= y <= high, (kind, y)
        for text, (left, top, right, bottom) in words(drawing.narrow):
            assert left >= -0.5, (kind, text)
            assert right <= wide + 0.5, (kind, text)
            assert 0 <= top < bottom <= high + 1, (kind, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_writes_no_words_of_a_narrow_chart_over_others(language: str) -> None:
    for kind, drawing in drawings(language).items():
        for (one, box), (other, with_) in combinations(words(drawing.narrow), 2):
            apart = box[2] <= with_[0] or with_[2] <= box[0] or box[3] <= with_[1] or with_[3] <= box[1]
            assert apart, (kind, one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_writes_whole_names_and_no_small_letters_in_a_narrow_chart(language: str) -> None:
    for kind, drawing in drawings(language).items():
        assert min(map(float, re.findall(r'font-size="([\d.]+)"', drawing.narrow))) >= 11
        if kind not in {"funnel", "drivers"}:
            assert "…" not in drawing.narrow, kind


def test_it_draws_what_is_small_already_once() -> None:
    points = [Point(str(month), 70.0, 65.0, 75.0, "") for month in range(1, 5)]
    assert CHARTS.series("one", "One", points, frame=Frame(180, 78, (40, 100))).narrow == ""
    assert CHARTS.stack("one", "One", [5, 6, 19, 30, 40]).narrow == ""


def test_it_takes_the_words_of_a_narrow_chart_from_the_broad_one() -> None:
    drawing = CHARTS.bars("modes", "Bars", [Bar("A", 1, "1")])
    assert 'id="chart-modes-narrow" class="narrow" role="img" aria-labelledby="chart-modes"' in drawing.narrow
    assert "<title>" not in drawing.narrow


def test_it_gives_each_number_the_words_over_its_column() -> None:
    table = (
        "<table><thead><tr><th>Dimension</th><th>Question</th><th>Satisfied</th><th>n</th></tr></thead><tbody>"
        '<tr><th rowspan="2">Speed</th><th>On time</th><td class="number"><b>83</b></td><td class="number">20</td></tr>'
        '<tr><th>Soon</th><td class="number">70</td><td class="number">21</td></tr>'
        '<tr><th>Price</th><th>Fair</th><td class="withheld number" colspan="2">few</td></tr></tbody></table>'
    )
    named = re.findall(r'data-label="(\w+)">(?:<b>)?(\w+)', label_cells(table))
    assert named == [("Satisfied", "83"), ("n", "20"), ("Satisfied", "70"), ("n", "21")]
    assert re.sub(' data-label="[^"]*"', "", label_cells(table)) == f'<div class="scroll" tabindex="0">{table}</div>'
