"""Sheets: what a chart is drawn on, broad for paper and slim for a phone, and where the names of its marks stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from revisit.reports.canvas import Canvas, Place, breadth, wrap

SIZE = 12
# Names above their marks: from line to line, and the air that keeps them off the marks of the line before.
LEADING, AIR = 15, 7
# Letters in bold are so much wider than those that ``breadth`` estimates.
BOLD = 1.08


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart is drawn on. On a slim one names stand above their marks, as there is no room beside them."""

    width: float
    slim: bool = False

    def pick(self, broad: float, slim: float) -> float:
        """Give the measure that belongs to this sheet."""
        return slim if self.slim else broad


# A4 without its margins, in CSS pixels of 1/96 inch; and a phone of 320 pixels without its margins, so that no letter
# is ever shown smaller than it is drawn.
BROAD, SLIM = Sheet(665), Sheet(290, slim=True)


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of a chart, one under the other, each ``step`` high.

    On a slim sheet the name has ``lines`` above the marks, the figures stand at its right or, ``apart``, under it.
    """

    sheet: Sheet
    top: float
    step: float
    room: float
    lines: int = 0
    apart: bool = False

    @classmethod
    def of(cls, sheet: Sheet, named: Sequence[tuple[str, str]], top: float, step: float, room: float) -> Self:
        """Find room for names and their figures; ``room`` is what a name has on a broad sheet, or on any without."""
        if not sheet.slim:
            return cls(sheet, top, step, room)
        figures = max((BOLD * breadth(figure, SIZE) for _name, figure in named), default=0)
        beside = sheet.width - figures - 10 if figures else room
        apart = any(wrap(name, beside, SIZE, 2)[-1].endswith("…") for name, _figure in named)
        inside = sheet.width if apart and figures else beside
        lines = max((len(wrap(name, inside, SIZE, 2)) for name, _figure in named), default=1)
        return cls(sheet, top, step, inside, lines, apart and bool(figures))

    @property
    def above(self) -> float:
        """Give the height of the words above the marks."""
        return AIR + LEADING * (self.lines + self.apart) if self.lines else 0

    def middle(self, number: int) -> float:
        """Give the height at which the marks of a line stand."""
        return self.top + (self.above + self.step) * number + self.above + self.step / 2

    def bottom(self, count: int) -> float:
        """Give the height at which so many lines end."""
        return self.top + (self.above + self.step) * count

    def bands(self, count: int) -> Iterator[tuple[float, float]]:
        """Give from where to where there are only marks: the whole height, or that of each line."""
        if not self.lines:
            yield self.top, self.bottom(count)
            return
        for number in range(count):
            yield self.middle(number) - self.step / 2, self.middle(number) + self.step / 2

    def name(self, canvas: Canvas, number: int, text: str) -> None:
        """Write the name of a line."""
        start = self.middle(number) - self.step / 2 - self.above
        y = start + AIR + LEADING * self.lines / 2 if self.lines else self.middle(number)
        canvas.lines((0, y), text, self.room)

    def figures(self, number: int) -> Place:
        """Give where the figures of a line stand on a slim sheet: at the right end of this place, or from it on."""
        start = self.middle(number) - self.step / 2 - self.above + AIR
        if self.apart:
            return 0, start + LEADING * (self.lines + 0.5)
        return self.sheet.width, start + LEADING * self.lines / 2

    def note(self, canvas: Canvas, number: int, text: str, behind: float) -> None:
        """Write the figures of a line: behind its marks on a broad sheet, with its name on a slim one."""
        if not self.lines:
            canvas.words((behind, self.middle(number)), text)
            return
        at = self.figures(number)
        canvas.words(at, text, anchor="end" if at[0] else "start")


Box = tuple[float, float, float, float]


def meets(box: Box, others: Sequence[Box]) -> bool:
    """Say whether a box (left, top, right, bottom) lies over another."""
    return any(box[0] < one[2] and one[0] < box[2] and box[1] < one[3] and one[1] < box[3] for one in others)


def beside(dots: Sequence[Place], labels: Sequence[str], left: float, right: float) -> Iterator[tuple[Place, str, str]]:
    """Put each name where it meets no dot and no other name: right, left, above, below, aslant or a line farther.

    Names keep between ``left`` and ``right``. One that has no place free of others takes the first there is.
    """
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in dots]
    for (x, y), label in zip(dots, labels, strict=True):
        if not label:
            continue
        wide = breadth(label, 11)
        near = min(max(x - wide / 2, left), right - wide)  # as nearly above or below as the edges allow
        choices = (
            ((x + 9, y), "start", x + 9),
            ((x - 9, y), "end", x - 9 - wide),
            ((x, y - 13), "middle", x - wide / 2),
            ((x, y + 13), "middle", x - wide / 2),
            *(((x + 8, y + away), "start", x + 8) for away in (-12, 12)),
            *(((x - 8, y + away), "end", x - 8 - wide) for away in (-12, 12)),
            *(((near, y + away), "start", near) for away in (-14, 14, -26, 26)),
        )
        boxes = [(start, at[1] - 6, start + wide, at[1] + 6) for at, _anchor, start in choices]
        inside = [place for place, box in enumerate(boxes) if box[0] >= left and box[2] <= right]
        chosen = next((place for place in inside if not meets(boxes[place], taken)), inside[0] if inside else 0)
        taken.append(boxes[chosen])
        yield choices[chosen][0], choices[chosen][1], label
