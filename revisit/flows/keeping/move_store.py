"""Everything in one store goes into another, and both are counted and compared."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from revisit.records.problems import CallError
from revisit.store.contents import Census, Row, Tally
from revisit.store.protocol import Store, StoreError

SLICE_ROWS = 3000


@dataclass(frozen=True, slots=True)
class Moved:
    """What came over: the tally of each table, equal on both sides."""

    tallies: dict[str, Tally]

    @property
    def rows(self) -> int:
        """Give how many rows there are in all."""
        return sum(tally.count for tally in self.tallies.values())


def move(source: Store, target: Store, progress: Callable[[int], None] = lambda _done: None) -> Moved:
    """Copy everything into an empty store; the source stays as it was.

    Raises CallError where the target is not empty or the source changed meanwhile, StoreError where the two differ.
    """
    check_empty(target)
    before = fill(target, source.copy_out(), progress)
    if take_census(source).tallies() != before:
        raise CallError("The store changed while it was copied. Stop revisit serve, empty the target, and move again.")
    compare(before, take_census(target).tallies())
    for month in source.tag_months():  # in no copy and no backup; here the store that holds them changes
        target.take_tags(month, source.tag_secret(month), source.tags(month))
    return Moved(before)


def check_empty(store: Store) -> None:
    """Raise CallError where a store holds anything."""
    with closing(store.copy_out()) as rows:
        first = next(rows, None)
    if first is not None:
        raise CallError(f"The target is not empty: there are {first[0]} in it. Name an empty folder or database.")


def fill(store: Store, rows: Iterable[tuple[str, Row]], progress: Callable[[int], None]) -> dict[str, Tally]:
    """File rows slice by slice; gives their tallies."""
    census = Census()
    for table, slice_ in _slices(rows):
        for row in slice_:
            census.add(table, row)
        store.copy_in(table, slice_)
        progress(len(slice_))
    return census.tallies()


def take_census(store: Store) -> Census:
    """Count and fingerprint what a store holds."""
    census = Census()
    for table, row in store.copy_out():
        census.add(table, row)
    return census


def compare(wanted: Mapping[str, Tally], found: Mapping[str, Tally]) -> None:
    """Raise StoreError where two stores do not hold the same."""
    for table in sorted({*wanted, *found}):
        there, here = wanted.get(table, Tally(0, "")), found.get(table, Tally(0, ""))
        if there != here:
            what = f"{there.count} against {here.count}" if there.count != here.count else "their contents differ"
            raise StoreError(f"The two stores do not hold the same {table}: {what}. Go on using the first.")


def _slices(rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, list[Row]]]:
    table, slice_ = "", list[Row]()
    for name, row in rows:
        if slice_ and (name != table or len(slice_) == SLICE_ROWS):
            yield table, slice_
            slice_ = []
        table = name
        slice_.append(row)
    if slice_:
        yield table, slice_
