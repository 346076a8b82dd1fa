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
from revisit.reports.charts import Bar, Charts, Point, Row
from revisit.reports.drawing import finish
from revisit.reports.palette import CONTRAST, DEFAULT, PAPER, contrast, luminance, on, palette, steps
from revisit.reports.pdf import write_pdf
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


def test_it_gives_a_drawing_its_description_and_ids_of_its_own() -> None:
    svg = '<svg width="1" aria-label="x"><g clip-path="url(#clip7)" role="img"/><clipPath id="clip7"/></svg>'
    assert finish(svg, "trend", "Up & down") == (
        '<svg width="1"><title>Up &amp; down</title><g clip-path="url(#trend-1)"/><clipPath id="trend-1"/></svg>'
    )


def test_it_draws_the_same_each_time() -> None:
    points = [Point(f"{month}", 70.0 + month, 68.0 + month, 73.0 + month, "70") for month in range(1, 5)]
    first, second = (CHARTS.series("trend", "A line", points, target=80) for _ in range(2))
    assert first == second
    assert not re.search(r'id="clip\d', first.svg)


def test_it_prints_the_number_in_parts_of_six_percent_and_more() -> None:
    svg = CHARTS.stack("one", "One", [5, 6, 19, 30, 40]).svg
    assert re.findall(r">(\d+)</text>", svg) == ["6", "19", "30", "40"]


def test_it_keeps_the_worst_answers_at_the_left() -> None:
    svg = CHARTS.stack("one", "One", [10, 10, 20, 30, 30]).svg
    starts = [float(x) for x in re.findall(r'd="M([\d.]+),', svg)]
    assert starts == sorted(starts)
    fills = [colour for colour in re.findall(r'fill="(#[0-9a-f]{6})"', svg) if colour in steps(5)]
    assert fills == list(steps(5))


def test_it_writes_why_a_row_has_no_dot() -> None:
    svg = CHARTS.dots(
        "one", "One", [Row("A", 70, 60, 80, "70"), Row("B", None, None, None, "fewer than 10 answers")]
    ).svg
    assert "fewer than" in svg
    assert "NaN" not in svg


def test_it_leaves_a_gap_where_a_month_has_no_figure() -> None:
    points = [Point(str(month), None if month == 2 else 75.0, 70.0, 80.0, "") for month in range(1, 4)]
    svg = CHARTS.series("one", "One", points).svg
    lines = [path for path in re.findall(r'd="(M[^"]+)"[^>]*stroke-width="1.6"', svg) if "L" in path]
    assert lines == []


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
