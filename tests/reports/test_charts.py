import io
import re
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from revisit.records.problems import CallError
from revisit.reports.canvas import breadth, smooth, wrap
from revisit.reports.charts import Bar, Charts, Frame, Point, Row, Spot
from revisit.reports.palette import CONTRAST, DEFAULT, PAPER, contrast, luminance, on, palette, steps
from revisit.reports.pdf import write_pdf
from revisit.reports.plots import pareto
from revisit.reports.scales import ticks
from revisit.reports.words import FACES
from tests.reports.conftest import AT

NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
# 直 and 骨 are drawn differently in mainland China, Taiwan and Japan.
LABEL = "直骨"
CHARTS = Charts("Noto Sans CJK SC", palette(DEFAULT))


def ink(image: Image.Image) -> NDArray[np.float64]:
    """Give a label's darkness, cut to its edges and brought to one size."""
    dark = 255 - np.asarray(image.convert("L"), dtype=np.float64)
    rows, columns = np.where(dark.max(axis=1) > 90)[0], np.where(dark.max(axis=0) > 90)[0]
    cut = Image.fromarray(dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8))
    return np.asarray(cut.resize((192, 96)), dtype=np.float64)


def by_font(face: str) -> NDArray[np.float64]:
    """Draw the label with a font file's own face."""
    fonts = TTCollection(NOTO).fonts
    place = next(place for place, font in enumerate(fonts) if font["name"].getDebugName(1) == face)
    image = Image.new("L", (700, 400), 255)
    ImageDraw.Draw(image).text((40, 40), LABEL, font=ImageFont.truetype(NOTO, 200, index=place), fill=0)
    return ink(image)


def by_chart(face: str) -> NDArray[np.float64]:
    """Draw the label as the name of a bar, print it and photograph the page."""
    drawing = Charts(face, palette(DEFAULT)).bars("one", "One bar", [Bar(LABEL, 1, "")])
    page = f'<html lang="en"><title>x</title><style>@page{{margin:0}}svg{{display:block}}</style>{drawing.svg}'
    pixels = pypdfium2.PdfDocument(write_pdf(page, moment=AT))[0].render(scale=8).to_pil()
    return ink(pixels.crop((0, 0, 8 * 90, 8 * 30)))


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_it_draws_a_label_with_the_glyphs_of_its_region(language: str) -> None:
    faces = ("Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK JP")
    drawn = by_chart(FACES[language])
    alike = {face: likeness(drawn, by_font(face)) for face in faces}
    assert max(alike, key=lambda face: alike[face]) == FACES[language]
    assert alike[FACES[language]] > 0.9
    assert alike[FACES[language]] - alike["Noto Sans CJK JP"] > 0.05


def test_it_gives_a_drawing_its_description_and_an_id_of_its_own() -> None:
    drawing = CHARTS.bars("modes", "Web & phone < 3", [Bar("<b>", 1, "1 & 2")])
    assert drawing.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" id="chart-modes" ')
    assert "><title>Web &amp; phone &lt; 3</title><g " in drawing.svg
    assert ">&lt;b&gt;</text>" in drawing.svg
    assert ">1 &amp; 2</text>" in drawing.svg


def test_it_draws_the_same_each_time() -> None:
    points = [Point(f"{month}", 70.0 + month, 68.0 + month, 73.0 + month, "70") for month in range(1, 5)]
    first, second = (CHARTS.series("trend", "A line", points, target=80) for _ in range(2))
    assert first == second


def test_it_prints_the_number_in_parts_of_six_percent_and_more() -> None:
    svg = CHARTS.stack("one", "One", [5, 6, 19, 30, 40]).svg
    assert re.findall(r">(\d+)</text>", svg) == ["6", "19", "30", "40"]


def test_it_keeps_the_worst_answers_at_the_left() -> None:
    svg = CHARTS.stack("one", "One", [10, 10, 20, 30, 30]).svg
    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', svg)]
    assert starts == [0, 30, 60, 120, 210]
    fills = [colour for colour in re.findall(r'fill="(#[0-9a-f]{6})"', svg) if colour in steps(5)]
    assert fills == list(steps(5))


def test_it_writes_why_a_row_has_no_dot() -> None:
    svg = CHARTS.dots(
        "one", "One", [Row("A", 70, 60, 80, "70"), Row("B", None, None, None, "fewer than 10 answers")]
    ).svg
    assert ">fewer than 10 answers</text>" in svg
    assert svg.count("<circle") == 1


def test_it_leaves_a_gap_where_a_month_has_no_figure() -> None:
    points = [Point(str(month), None if month == 2 else 75.0, 70.0, 80.0, "") for month in range(1, 4)]
    svg = CHARTS.series("one", "One", points).svg
    lines = [path for path in re.findall(r'd="(M[^"]+)"[^>]*stroke-width="1.6"', svg) if "L" in path]
    assert lines == []


def test_it_draws_a_line_where_two_months_follow_each_other() -> None:
    points = [Point(str(month), None if month == 2 else 75.0, 70.0, 80.0, "") for month in range(1, 5)]
    lines = re.findall(r'd="(M[^"]+)"[^>]*stroke-width="1.6"', CHARTS.series("one", "One", points).svg)
    assert lines == ["M428.4,107L586.1,107"]


def test_it_places_a_value_where_its_scale_has_it() -> None:
    svg = CHARTS.dots("one", "One", [Row("A", 50, 0, 100, "50")]).svg
    (dot,) = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)
    ends = re.search(r'd="M([\d.]+),([\d.]+)H([\d.]+)"[^>]*stroke-width="7"', svg)
    assert ends is not None
    left, right = float(ends[1]), float(ends[3])
    assert (left, right, float(dot[0])) == (132, 481, (left + right) / 2)
    assert dot[1] == ends[2]


def test_it_marks_a_signal_by_its_shape() -> None:
    points = [Point(str(month), 70.0, 65.0, 75.0, "", signal=month == 2) for month in range(1, 4)]
    svg = CHARTS.series("one", "One", points).svg
    assert (svg.count("<circle"), len(re.findall(r'd="M[^"]+Z"', svg))) == (2, 1)


def test_it_names_as_many_periods_as_have_room_and_always_the_last() -> None:
    points = [Point(f"2026-{month:02}", 70.0, 65.0, 75.0, "") for month in range(1, 25)]
    named = re.findall(r">(2026-\d\d)</text>", CHARTS.series("one", "One", points).svg)
    assert named[0] == "2026-24"
    assert 8 <= len(named) <= 12
    framed = CHARTS.series("one", "One", points, frame=Frame(180, 78, (40, 100))).svg
    assert re.findall(r">(2026-\d\d)</text>", framed) == ["2026-01", "2026-24"]


def spot(count: int, share: float, label: str) -> Spot:
    return Spot(count, share, (0.7, 0.9, 0.6, 0.95), label)


def test_it_keeps_the_names_of_neighbours_in_a_funnel_apart() -> None:
    svg = CHARTS.funnel("f", "F", [spot(40, 0.8, "Lakeside"), spot(41, 0.8, "Harbour"), spot(90, 0.7, "Airport")]).svg
    places = {
        name: (float(x), float(y), anchor)
        for x, y, anchor, name in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"([^>]*)>(Lakeside|Harbour)<', svg)
    }
    assert places["Lakeside"][:2] != places["Harbour"][:2]
    assert abs(places["Lakeside"][1] - places["Harbour"][1]) > 11 or "end" in places["Lakeside"][2]


def test_it_draws_a_funnel_of_one_and_of_equal_counts() -> None:
    for spots in ([spot(40, 0.8, "A")], [spot(40, 0.8, "A"), spot(40, 0.75, "B"), spot(40, 0.7, "C")]):
        svg = CHARTS.funnel("f", "F", spots).svg
        assert svg.count("<circle") == len(spots)
        assert "nan" not in svg


def test_it_never_swings_a_smooth_path_beyond_its_places() -> None:
    path = smooth([(0, 0), (10, 0), (20, 100), (30, 100)])
    heights = [float(y) for y in re.findall(r",([\d.-]+)(?=[C,L]|$)", path)]
    assert min(heights) >= 0
    assert max(heights) <= 100


@pytest.mark.parametrize(
    ("low", "high", "count", "expected"),
    [(60, 100, 5, [60, 70, 80, 90, 100]), (40, 100, 3, [40, 60, 80, 100]), (10, 200, 4, [50, 100, 150, 200])],
)
def test_it_divides_a_scale_at_round_numbers(low: float, high: float, count: int, expected: list[float]) -> None:
    assert ticks(low, high, count) == expected


def test_it_breaks_long_names_between_words_and_says_where_they_end_early() -> None:
    assert wrap("Lakeside", 100, 12, 2) == ["Lakeside"]
    assert wrap("By WeChat or text", 80, 12, 2) == ["By WeChat or", "text"]
    lines = wrap("上海市浦东新区张江高科技园区服务站", 72, 12, 2)
    assert lines == ["上海市浦东新", "区张江高科…"]
    assert all(breadth(line, 12) <= 72 for line in lines)
    assert wrap("Donaudampfschifffahrt", 60, 12, 2)[0] != ""


def test_it_keeps_neighbours_and_both_ends_apart_in_grey() -> None:
    light = [luminance(colour) for colour in steps(5)]
    assert all(max(a, b) / min(a, b) > 1.35 for a, b in [*pairwise(light), (light[0], light[-1])])
    assert all(contrast(colour, on(colour)) >= CONTRAST for colour in (*steps(5), *steps(3)))


@pytest.mark.parametrize("points", [2, 3, 4, 5, 7, 10])
def test_it_has_a_colour_for_every_point_of_a_scale(points: int) -> None:
    assert len(set(steps(points))) == points


def test_it_darkens_a_brand_colour_until_text_can_be_read() -> None:
    assert palette("#17506b").brand == "#17506b"
    assert contrast(palette("#ffe066").brand, PAPER) >= CONTRAST


def test_it_names_a_colour_that_is_none() -> None:
    with pytest.raises(CallError, match=r'colour is "red"'):
        palette("red")


def test_it_gives_a_png_that_reads_in_grey() -> None:
    drawing = CHARTS.dots("one", "One", [Row("A", 70, 60, 80, "70", target=85)])
    page = f'<html lang="en"><title>x</title>{drawing.svg}'
    picture = io.BytesIO()
    pypdfium2.PdfDocument(write_pdf(page, moment=AT))[0].render(scale=2, grayscale=True).to_pil().save(picture, "PNG")
    shades = np.unique(np.asarray(Image.open(picture).convert("L")))
    assert len(shades) > 20


def test_it_puts_many_reasons_of_one_line_closer_together_and_few_or_long_ones_not() -> None:
    def height(count: int, label: str) -> float:
        rows = [Bar(f"{label} {number}", 20 - number, f"{number}") for number in range(count)]
        svg = pareto(CHARTS, "p", "d", rows, [1.0] * count).svg
        found = re.search(r'viewBox="0 0 \d+ (\d+)', svg)
        assert found is not None
        return float(found[1])

    assert height(19, "Left dirty") < 19 * 24
    assert height(10, "Left dirty") > 10 * 28
    assert height(19, "The explanation of what was done and what it would cost was not understood") > 19 * 28
