"""Methods: how each interval was reckoned, by name, beside the interval itself; docs/methods.md says what they are."""

from collections.abc import Mapping
from typing import Any, Final

SCORE_T, WILSON, TANGO, MOVER = "score_t", "wilson", "tango", "mover"
WILSON_WEIGHTED, BETA_BINOMIAL = "wilson_weighted", "beta_binomial"

# The method by what a figure is called, for it and all below it; every other interval is of a mean score.
_OF: Final[dict[str, str]] = {
    **dict.fromkeys(("top2", "csat", "fixed", "options", "coverage", "response_rate", "effective", "themes"), WILSON),
    "nps": TANGO,
    "late": MOVER,
    "shrunken": "hierarchical",
    "mode_effect": "cluster_t",
    **dict.fromkeys(("weighted", "standardised"), "score_t_weighted"),
    "unweighted": SCORE_T,
}


def name_methods(found: Mapping[str, Any], *, again: bool) -> dict[str, Any]:
    """Give the findings with a ``method`` beside every interval. ``again``: customers answered more than once."""
    return {name: _named(value, _of(name, SCORE_T, again=again), again=again) for name, value in found.items()}


def _named(value: Any, method: str, *, again: bool) -> Any:
    if isinstance(value, list):
        return [_named(one, method, again=again) for one in value]
    if not isinstance(value, dict):
        return value
    if "metric" in value:  # a row of the series
        method = _of(str(value["metric"]), SCORE_T, again=again)
    named = {name: _named(inner, _of(name, method, again=again), again=again) for name, inner in value.items()}
    return named | {"method": method} if "low" in named and "method" not in named else named


def _of(name: str, method: str, *, again: bool) -> str:
    """Give the method of what has a name; NPS of repeating customers is a mean like others."""
    found = _OF.get(name, method)
    return SCORE_T if found == TANGO and again else found
