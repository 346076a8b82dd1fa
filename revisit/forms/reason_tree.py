"""The reason tree: what goes wrong at a repair, in the house's words, by the dimension whose low answer it explains."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from revisit.records.survey import DIMENSIONS, Choice

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: what it is about, the dimension it belongs to, and the codes of its reasons."""

    name: str
    dimension: str
    codes: tuple[str, ...]


# After the problem tree of a service network: efficiency, attitude, the work itself, price, process, and the network.
TREE: tuple[Branch, ...] = (
    Branch("efficiency", "speed", ("wait", "slow", "parts", "late")),
    Branch("attitude", "attitude", ("cold", "unheard", "unskilled")),
    Branch("work", "quality", ("not_fixed", "missed", "damaged", "dirty")),
    Branch("price", "price", ("above_quote", "not_explained", "unwanted")),
    Branch("process", "channel", ("tedious", "opaque")),
    Branch("network", "channel", ("coverage", "records")),
)


def standard_reasons(gettext: Gettext, dimensions: Collection[str]) -> tuple[Choice, ...]:
    """Give the reasons of the tree for some dimensions, in the house's order."""
    words = reason_words(gettext)
    return tuple(
        Choice(code, words[code], dimension)
        for dimension in DIMENSIONS
        if dimension in dimensions
        for branch in TREE
        if branch.dimension == dimension
        for code in branch.codes
    )


def reason_words(gettext: Gettext) -> dict[str, str]:
    """Give the words of every reason of the tree."""
    _ = gettext
    return {
        "wait": _("It took long before you began"),
        "slow": _("The work itself took long"),
        "parts": _("Parts were not in stock"),
        "late": _("Not ready when promised"),
        "cold": _("Unfriendly or uninterested"),
        "unheard": _("Nobody listened to me"),
        "unskilled": _("They did not know enough"),
        "not_fixed": _("The fault is still there or came back"),
        "missed": _("Something was left undone"),
        "damaged": _("Something was damaged"),
        "dirty": _("Left dirty"),
        "above_quote": _("Higher than quoted"),
        "not_explained": _("Not explained beforehand"),
        "unwanted": _("Work I did not ask for"),
        "tedious": _("Too many steps"),
        "opaque": _("Nobody told me how things stood"),
        "coverage": _("Too far away or hard to reach"),
        "records": _("I had to explain everything again"),
    }


def dimension_words(gettext: Gettext) -> dict[str, str]:
    """Give the words that stand above the reasons of each dimension."""
    _ = gettext
    return {
        "speed": _("Speed"),
        "attitude": _("Our people"),
        "quality": _("The work"),
        "price": _("The price"),
        "channel": _("Contact and procedure"),
    }
