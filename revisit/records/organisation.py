"""The organisation tree: headquarters, regions, stations, outlets and engineers."""

from collections.abc import Iterator
from dataclasses import dataclass, field

UNIT_KINDS: tuple[str, ...] = ("headquarters", "region", "station", "outlet", "engineer")


@dataclass(frozen=True, slots=True)
class Unit:
    """One node. ``path`` is the ids from the root down, joined by ``/``; it is what records store."""

    id: str
    path: str
    kind: str
    name: str
    names: dict[str, str] = field(default_factory=dict)
    timezone: str = "UTC"

    def called(self, language: str) -> str:
        """Give the unit's name in a language, or its plain name."""
        return self.names.get(language, self.name)

    def holds(self, path: str) -> bool:
        """Say whether a path is this unit or lies below it."""
        return path == self.path or path.startswith(self.path + "/")


@dataclass(frozen=True, slots=True)
class Organisation:
    """All units but the engineers, who are known from the orders; the first is the root."""

    units: tuple[Unit, ...]
    _by_path: dict[str, Unit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the units by path: each answer asks for its own."""
        object.__setattr__(self, "_by_path", {unit.path: unit for unit in reversed(self.units)})

    @property
    def root(self) -> Unit:
        """Give the top of the tree."""
        return self.units[0]

    def unit(self, unit_id: str) -> Unit | None:
        """Find a unit by its id or its path."""
        return next((unit for unit in self.units if unit_id in (unit.id, unit.path)), None)

    def named(self, text: str) -> Unit | None:
        """Find a unit by anything people call it: id, path or a name in any language, whatever the case."""
        wanted = text.strip().casefold()
        for unit in self.units:
            if wanted in {
                called.strip().casefold() for called in (unit.id, unit.path, unit.name, *unit.names.values())
            }:
                return unit
        return None

    def below(self, unit: Unit) -> Iterator[Unit]:
        """Give the direct children of a unit, in the order of the settings."""
        return (child for child in self.units if child.path.rpartition("/")[0] == unit.path and child.path != unit.path)

    @property
    def employers(self) -> frozenset[str]:
        """Give the paths of the units below which engineers are found: those with none below them that are no regions.

        What stands directly below another unit, and is no unit itself, is an outlet that the settings no longer hold.
        """
        above = {unit.path.rpartition("/")[0] for unit in self.units}
        return frozenset(unit.path for unit in self.units if unit.kind != "region" and unit.path not in above)

    def of_path(self, path: str) -> Unit:
        """Give the deepest known unit that holds a stored path (an engineer's path gives the outlet)."""
        while path:
            found = self._by_path.get(path)
            if found is not None:
                return found
            path = path.rpartition("/")[0]
        return self.root
