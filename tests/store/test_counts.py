"""Both stores count alike, and as one who reads every record would."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from revisit.records.ids import new_id
from revisit.records.letters import Letter, LetterState
from revisit.store.protocol import FACETS, Counted, Facet, Scope, Store
from tests.store.cast import DAY, NOW, answer, batch, entry, imported, invite_all

LATER = date(2026, 11, 1)


@pytest.fixture
def full(store: Store) -> Store:
    """Fill a store with orders of two units, engineers, months; answers of two surveys and modes; letters; a sample."""
    entries = [
        entry("RO-1"),
        entry("RO-2", day=LATER),
        entry("RO-3", unit="demo/lakeside-2"),
        entry("RO-4", unit="demo/hill", day=LATER, sample=True),
    ]
    entries[2] = replace(entries[2], order=replace(entries[2].order, engineer=""))
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    for link in (links[0], links[3]):
        store.record(answer(link))
    other = replace(answer(links[1]), survey="complaint", partition=store.partition("complaint", DAY), mode="phone")
    store.add_responses(batch("b2", kind="responses"), [imported(other, "b2", "r1")])
    states: tuple[LetterState, ...] = ("queued", "queued", "sent")
    letters = [
        Letter(new_id(DAY), one.visit.id, "email", "en", state, NOW, NOW)
        for one, state in zip(entries, states, strict=False)
    ]
    store.add_letters(letters)
    return store


def test_it_counts_records_in_groups(full: Store) -> None:
    assert full.count("orders", ("unit",)) == {("demo/lakeside",): 2, ("demo/lakeside-2",): 1, ("demo/hill",): 1}
    assert full.count("orders", ("sample",)) == {("false",): 3, ("true",): 1}
    assert full.count("visits", ("month", "survey")) == {("2610", "repair"): 2, ("2611", "repair"): 2}
    assert full.count("responses", ("survey", "mode")) == {("repair", "web"): 2, ("complaint", "phone"): 1}
    assert full.count("letters", ("state", "channel")) == {("queued", "email"): 2, ("sent", "email"): 1}


def test_it_counts_all_in_one_where_no_group_is_asked_for(full: Store) -> None:
    assert full.count("visits") == {(): 4}
    assert full.count("letters") == {(): 3}


def test_it_counts_nothing_where_there_is_nothing(store: Store) -> None:
    assert [store.count(kind) for kind in FACETS] == [{}, {}, {}, {}]
    assert store.count("responses", ("unit",), Scope("demo")) == {}


def test_a_scope_holds_a_part_of_the_tree_and_days(full: Store) -> None:
    below = Scope("demo/lakeside", DAY, DAY)
    assert full.count("orders", (), below) == {(): 1}  # that of lakeside-2 belongs to another unit
    assert full.count("visits", (), below) == {(): 1}
    since = full.count("responses", ("unit",), Scope(first=LATER))
    assert since == {("demo/hill/Engineer 7",): 1, ("demo/lakeside/Engineer 7",): 1}


@pytest.mark.parametrize(("kind", "facet"), [(kind, facet) for kind, facets in FACETS.items() for facet in facets])
def test_it_counts_as_one_who_reads_every_record(full: Store, kind: Counted, facet: Facet) -> None:
    records: dict[str, list[Any]] = {
        "orders": list(full.orders()),
        "visits": list(full.visits()),
        "responses": [one for survey in ("repair", "complaint") for one in full.responses(survey)],
        "letters": list(full.letters()),
    }
    told: dict[str, Callable[[Any], str]] = {
        "month": lambda one: f"{one.closed_on if kind == 'orders' else one.day:%y%m}",
        "sample": lambda one: "true" if one.sample else "false",
    }
    tell = told.get(facet, lambda one: str(getattr(one, facet)))
    assert full.count(kind, (facet,)) == {(name,): many for name, many in Counter(map(tell, records[kind])).items()}
