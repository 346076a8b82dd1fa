"""Labels: every number of a table knows the words over its column, for windows too narrow for a table."""

import re

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<thead>(.*?)</thead>", re.DOTALL)
_CELL = re.compile(r"<tr\b|<(t[hd])\b([^>]*)>(.*?)</t[hd]>", re.DOTALL)
_SPANS = ("colspan", "rowspan")


def label_cells(html: str) -> str:
    """Give every number the words over its column, which stand before it on a phone; what is wide scrolls by itself."""

    def label(found: re.Match[str]) -> str:
        head = _HEAD.search(found[0])
        names = [re.sub("<[^>]*>", "", cell[3] or "") for cell in _CELL.finditer(head[1]) if cell[1]] if head else []
        table = found[0][: head.end()] + _columns(found[0][head.end() :], names) if head else found[0]
        return f'<div class="scroll" tabindex="0">{table}</div>'

    return _TABLE.sub(label, html)


def _columns(rows: str, names: list[str]) -> str:
    """Write the name of its column into each number of the rows; a cell may go over several columns and rows."""
    below = [0] * len(names)  # how many rows a cell of an earlier row still takes of each column
    column = 0

    def label(found: re.Match[str]) -> str:
        nonlocal column
        if not found[1]:
            column = 0
            return found[0]
        while column < len(names) and below[column]:
            below[column] -= 1
            column += 1
        name = names[column] if column < len(names) else ""
        wide, high = (int(size[1]) if (size := re.search(rf'{over}="(\d+)"', found[2])) else 1 for over in _SPANS)
        below[column : column + wide] = [high - 1] * len(below[column : column + wide])
        column += wide
        named = f' data-label="{name}"' if name and "number" in found[2] and wide == 1 else ""
        return f"<{found[1]}{found[2]}{named}>{found[3]}</{found[1]}>"

    return _CELL.sub(label, rows)
