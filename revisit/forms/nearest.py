"""Did you mean: the nearest of the known names to one that is not known."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Give the known name that was most likely meant, or ""."""
    folded = {each.casefold().replace("-", "_"): each for each in known}
    near = difflib.get_close_matches(name.casefold().replace("-", "_"), folded, 1, 0.6)
    return folded[near[0]] if near else ""


def guess(name: str, known: Iterable[str], *, most: int = 12) -> str:
    """Give a sentence that names the nearest known name, or else lists what is known."""
    names = list(known)
    near = nearest(name, names)
    if near:
        return f'Did you mean "{near}"?'
    if not names:
        return "There is none to choose from."
    shown = ", ".join(names[:most])
    return f"Choose one of: {shown}, …" if len(names) > most else f"Choose one of: {shown}."
