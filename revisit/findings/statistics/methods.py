"""Methods: how each interval was reckoned, by name, beside the interval itself; docs/methods.md says what they are."""

from collections.abc import Mapping
from typing import Any, Final

SCORE_T, WILSON, TANGO, MOVER = "score_t", "wilson", "tango", "mover"
SCORE_T_WEIGHTED, WILSON_WEIGHTED, BETA_BINOMIAL = "score_t_weighted", "wilson_weighted", "beta_binomial"
# Behind a method: with the spread between outlets of which some stand for all.
OVER_OUTLETS = "_outlets"

# The method by what a figure is called, for it and all below it; every other interval is of a mean score.
_OF: Final[dict[str, str]] = {
    **dict.fromkeys(("top2", "csat", "fixed", "options", "coverage", "response_rate", "effective", "themes"), WILSON),
    "nps": TANGO,
    "late": MOVER,
    "shrunken": "hierarchical",
    "mode_effect": "cluster_t",
    **dict.fromkeys(("weighted", "standardised"), SCORE_T_WEIGHTED),
    "unweighted": SCORE_T,
}


def name_methods(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give the findings with a ``method`` beside every interval; an estimate may have brought its own."""
    return {name: _named(value, _OF.get(name, SCORE_T)) for name, value in found.items()}


def _named(value: Any, method: str) -> Any:
    if isinstance(value, list):
        return [_named(one, method) for one in value]
    if not isinstance(value, dict):
        return value
    if "metric" in value:  # a row of the series
        method = _OF.get(str(value["metric"]), SCORE_T)
    named = {name: _named(inner, _OF.get(name, method)) for name, inner in value.items()}
    return named | {"method": method} if "low" in named and "method" not in named else named
