"""How often one address may guess at codes, and how many answers it may give in front of posters.

Flask-Limiter's counters and clock, asked by hand: its decorators look at every limit of every request, which cost a
customer's answer more than reading the form does.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, request
from limits import RateLimitItem, parse, parse_many

from collector.access import client, limiter

P = ParamSpec("P")

MISSES = parse("30 per minute")  # wrong codes from one address: 65 bits and this leave nothing to guess
POSTER_ANSWERS = parse_many("30 per minute; 300 per day")  # customers may share the address of a shop's network


def counts_misses(view: Callable[P, Response]) -> Callable[P, Response]:
    """Refuse an address that asked for too many things that are not there; what is found counts nothing."""

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> Response:
        if not limiter.limiter.test(MISSES, "misses", client()):
            abort(429)
        response = view(*args, **kwargs)
        if response.status_code == 404:
            limiter.limiter.hit(MISSES, "misses", client())
        return response

    return counted


def counts_poster_answers(view: Callable[P, Response]) -> Callable[P, Response]:
    """Refuse an address that gave too many answers to posters; a link is good for one answer anyway."""

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> Response:
        if "n" in request.args and not all(_hit(limit) for limit in POSTER_ANSWERS):
            abort(429)
        return view(*args, **kwargs)

    return counted


def _hit(limit: RateLimitItem) -> bool:
    return limiter.limiter.hit(limit, "posters", client())
