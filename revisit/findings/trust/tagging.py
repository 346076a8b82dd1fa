"""Tagging: which answers of a month came from one device or network though they are said to be of many customers."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from revisit.records.tags import SAME_DEVICE, SAME_NETWORK, Tag

# As many customers as one device may answer for: a household has two cars.
HOUSEHOLD = 2
# More customers of one browser on one network than this chance would bring together are marked: a shop's guests share
# its network, and some of them have the same telephone.
COINCIDENCE = 0.001
# Answers no further apart than this belong to one sitting.
PAUSE = timedelta(minutes=10)
# A sitting is marked where chance would make fewer than this many of its length in a month: customers with the same
# telephone, or behind one carrier's address, answer close to each other now and then.
CHANCE = 0.01
# Minutes of a month in which answers come in: letters go out together, so customers do not answer evenly.
BUSY_MINUTES = 6_000


def shared(tags: Iterable[Tag], customers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Mark the answers of a month that share a device or a network with those of other customers, by their ids.

    ``customers`` says which visits are of one customer; a visit that is not in it is taken for a customer of its own.
    Compared are the answers to links, outlet by outlet: a poster's are given in the shop, on its network.

    ``same_device``: browser and network are the same for more than two customers, or the browser alone in one sitting.
    ``same_network``: the network alone in one sitting.
    """
    compared = [tag for tag in tags if tag.mode == "web"]
    counts = Counter(part for tag in compared for part in (tag.device, tag.network, (tag.device, tag.network), ""))
    outlets: dict[str, list[Tag]] = defaultdict(list)
    for tag in compared:
        outlets[tag.unit].append(tag)
    marks: dict[str, set[str]] = defaultdict(set)
    for held in outlets.values():
        known = {tag.id: customers.get(tag.visit_id or "", tag.id) for tag in held}
        for group in _grouped(held, [f"{tag.device} {tag.network}" for tag in held]):
            if _is_one(group, len({known[tag.id] for tag in group}), counts):
                _add(marks, group, SAME_DEVICE)
        for mark, parts in (
            (SAME_DEVICE, [tag.device for tag in held]),
            (SAME_NETWORK, [tag.network for tag in held]),
        ):
            for group in _grouped(held, parts):
                for sitting in _sittings(group, known):
                    _add(marks, sitting, mark)
    return {name: tuple(sorted(found)) for name, found in marks.items()}


def _is_one(group: Sequence[Tag], people: int, counts: Counter[str | tuple[str, str]]) -> bool:
    """Say whether a browser on a network is one device: too many customers for the chance that they have the same one.

    Poisson, upper tail. Expected are as many as the network's answers times the browser's share on other networks, one
    answer added there so that no share is nought.
    """
    device, network = group[0].device, group[0].network
    elsewhere = counts[device] - counts[device, network] + 1
    expected = counts[network] * elsewhere / (counts[""] - counts[network] + 1)
    return people > HOUSEHOLD and _tail(people, expected) <= COINCIDENCE


def _tail(count: int, expected: float) -> float:
    terms = (place * math.log(expected) - expected - math.lgamma(place + 1) for place in range(count))
    return max(0.0, 1 - math.fsum(map(math.exp, terms)))


def candidates(tags: Iterable[Tag]) -> set[str]:
    """Give the visits whose customers ``shared`` needs to know: those of answers that share a device or a network."""
    found: set[str] = set()
    held = [tag for tag in tags if tag.mode == "web" and tag.visit_id]
    for parts in ([tag.device for tag in held], [tag.network for tag in held]):
        for group in _grouped(held, parts):
            if len(group) > HOUSEHOLD:
                found |= {tag.visit_id for tag in group if tag.visit_id}
    return found


def _grouped(tags: Sequence[Tag], parts: Sequence[str]) -> list[list[Tag]]:
    groups: dict[str, list[Tag]] = defaultdict(list)
    for tag, part in zip(tags, parts, strict=True):
        groups[part].append(tag)
    return list(groups.values())


def _sittings(group: Sequence[Tag], known: Mapping[str, str]) -> list[list[Tag]]:
    """Give the runs of answers, each soon after the one before, of more customers than chance would bring together.

    With n answers of a group spread over a month's busy minutes, the chance that one follows within the pause is about
    n times the pause over these minutes; n times that to the power of k - 1 bounds how many runs of k there would be.
    """
    ordered = sorted(group, key=lambda tag: (tag.at, tag.id))
    runs: list[list[Tag]] = []
    for tag in ordered:
        if runs and tag.at - runs[-1][-1].at <= PAUSE:
            runs[-1].append(tag)
        else:
            runs.append([tag])
    followed = min(1.0, len(group) * (PAUSE.total_seconds() / 60) / BUSY_MINUTES)
    return [run for run in runs if _is_sitting(len({known[tag.id] for tag in run}), len(group), followed)]


def _is_sitting(people: int, answers: int, followed: float) -> bool:
    return people > HOUSEHOLD and answers * math.pow(followed, people - 1) <= CHANCE


def _add(marks: Mapping[str, set[str]], group: Sequence[Tag], mark: str) -> None:
    for tag in group:
        marks[tag.id].add(mark)
