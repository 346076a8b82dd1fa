"""What the sealer must hold: the same bytes as a file made anew, however its tables changed."""

from pathlib import Path
from random import Random
from typing import Any

from revisit.store.folder.files import Tables, parse, sealed
from revisit.store.folder.sealer import KEPT, Sealer

FILE = {"file": {"about": {"format": 1, "survey": "repair"}}}


def row(number: int) -> dict[str, Any]:
    return {"id": f"r{number}", "words": 'Größe 质量 "quoted" \\ \u2028', "value": number, "flags": ["quick"]}


def test_it_gives_the_bytes_that_a_file_made_anew_has_whatever_was_changed(tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311  the same changes in every run
    sealer, path = Sealer(), tmp_path / "k7m-repair-2611-1.json"
    tables: Tables = {**FILE, "invitations": {}, "responses": {}}
    for step in range(400):
        name = random.choice(["invitations", "responses", "responses"])
        rows = dict(tables[name])
        what = random.random()
        if what < 0.6 or not rows:
            rows |= {f"k{step}-{each}": row(step) for each in range(random.randrange(4))}
        elif what < 0.8:
            del rows[random.choice(list(rows))]
        else:
            rows[random.choice(list(rows))] = row(step)
        tables = {**tables, name: rows}
        made = sealer.seal(path, tables)
        assert made == sealed(tables)
    assert parse(path, made) == {**tables, "file": parse(path, made)["file"]}


def test_it_is_not_misled_by_a_write_that_failed(tmp_path: Path) -> None:
    sealer, path = Sealer(), tmp_path / "users.json"
    held: Tables = {**FILE, "users": {"a": row(1)}}
    sealer.seal(path, held)
    sealer.seal(path, {**held, "users": {**held["users"], "b": row(2)}})  # the disk was full: this never came to be
    after: Tables = {**held, "users": {**held["users"], "c": row(3)}}
    assert sealer.seal(path, after) == sealed(after)


def test_it_keeps_the_latest_files_alone(tmp_path: Path) -> None:
    sealer = Sealer()
    for number in range(KEPT + 3):
        sealer.seal(tmp_path / f"{number}.json", {**FILE, "users": {"a": row(number)}})
    assert len(sealer._last) == KEPT
