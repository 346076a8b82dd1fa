"""``revisit store``, ``backup`` and ``restore`` as they are typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.settings import write_keys
from tests.collector.world import NOW, World, make_world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("REVISIT_NOW", NOW.isoformat())
    monkeypatch.delenv("REVISIT_STORE", raising=False)
    made = make_world(tmp_path / "shop")
    write_keys(made.root / "keys.toml", made.keys)
    client = made.client()
    codes = made.invite_many(40)
    path, fields = made.opened(client, codes[0])
    for number, code in enumerate(codes[:30]):
        score = {"fixed_well": str(number % 5 + 1), "price_fair": str(number % 4 + 1), "comment": f"第 {number} 条"}
        assert client.post(f"{path}?t={code}", data={**fields, **score}).status_code == 303
    made.store.close()
    return made


def revisit(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *words])


def findings(root: Path) -> str:
    found = revisit(root, "findings", "--from", "2026-10-01", "--to", "2026-10-31", "--json")
    assert found.exit_code == 0, found.output
    assert '"answered"' in found.output
    return found.output


def test_findings_are_the_same_byte_for_byte_after_a_move_there_and_back(
    world: World, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = findings(world.root)
    moved = revisit(world.root, "store", "move", "--to", database)
    assert moved.exit_code == 0, moved.output
    assert "counts and fingerprints are equal" in moved.output
    again = revisit(world.root, "store", "move", "--to", database)
    assert again.exit_code == 2
    assert "not empty" in again.output
    monkeypatch.setenv("REVISIT_STORE", database)
    assert findings(world.root) == before
    for kind in ("answers", "orders", "contacts"):
        (world.root / "data" / kind).rename(world.root / f"{kind}.before")
    (world.root / "data" / "batches.json").unlink()
    back = revisit(world.root, "store", "move", "--to", "folder")
    assert back.exit_code == 0, back.output
    assert "unset REVISIT_STORE" in back.output
    monkeypatch.delenv("REVISIT_STORE")
    assert findings(world.root) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["store", "move", "--to", "folder"], "The folder is the store in use"),
        (["store", "upgrade"], "The folder needs no upgrade"),
        (["store", "move", "--to", "nonsense"], "postgresql://"),
    ],
)
def test_it_says_what_makes_no_sense(world: World, words: list[str], message: str) -> None:
    refused = revisit(world.root, *words)
    assert refused.exit_code == 2
    assert message in refused.output


def test_it_upgrades_and_goes_back(database: str, tmp_path: Path) -> None:
    back = revisit(tmp_path, "store", "upgrade", "--to", "0001", "--store", database)
    assert back.output.startswith("The tables are of version 0001 (before: ")
    assert "before: 0001" in revisit(tmp_path, "store", "upgrade", "--store", database).output
    assert "already" in revisit(tmp_path, "store", "upgrade", "--store", database).output


def without_tags(found: str) -> dict[str, Any]:
    """Give the findings but for what the tags say, which are in no backup."""
    plain: dict[str, Any] = json.loads(found)
    del plain["integrity"], plain["headline"]  # which phones and networks several answers came from
    plain["suppressed"] = [one for one in plain["suppressed"] if not one["path"].startswith("integrity.")]
    return plain


def test_it_backs_up_and_restores(world: World, tmp_path: Path) -> None:
    before = findings(world.root)
    file = tmp_path / "copy.tar.gz"
    made = revisit(world.root, "backup", str(file))
    assert made.exit_code == 0, made.output
    assert "without keys" in made.output
    back = revisit(tmp_path, "restore", str(file), "--to", str(tmp_path / "back"))
    assert back.exit_code == 0, back.output
    assert "keys.toml" in back.output
    assert without_tags(findings(tmp_path / "back")) == without_tags(before)
    assert "is a workspace already" in revisit(world.root, "restore", str(file)).output


def test_it_restores_to_a_database(
    world: World, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = findings(world.root)
    file = tmp_path / "copy.tar.gz"
    assert revisit(world.root, "backup", str(file), "--with-keys").exit_code == 0
    monkeypatch.setenv("REVISIT_STORE", database)
    back = revisit(tmp_path, "restore", str(file), "--to", str(tmp_path / "back"))
    assert back.exit_code == 0, back.output
    assert without_tags(findings(tmp_path / "back")) == without_tags(before)
    assert not list((tmp_path / "back" / "data").glob("*.json"))
    assert (tmp_path / "back" / "keys.toml").read_bytes() == (world.root / "keys.toml").read_bytes()


def test_it_does_not_serve_from_a_network_folder_unless_forced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revisit.cli.serve.until_stopped", lambda: None)
    monkeypatch.setattr("revisit.cli.serve.network_file_system", lambda _folder: "nfs4")
    refused = revisit(world.root, "serve", "--port", "0")
    assert refused.exit_code == 2
    assert "network file system (nfs4)" in refused.output
