"""The audit trail, which grows in place: what was never acknowledged is no line, and damage is named."""

import resource
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from revisit.records.people import AuditLine
from revisit.store.folder import FolderStore
from revisit.store.folder.files import TAIL
from revisit.store.protocol import StoreDamaged, StoreFull
from tests.store.cast import NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderStore]:
    with closing(FolderStore(tmp_path)) as opened:
        yield opened


def line(number: int, note: str = "") -> AuditLine:
    return AuditLine(NOW + timedelta(seconds=number), "wang", "signed-in", f"{number}", note)


@pytest.mark.parametrize("left", [b'{"at":"2026-11-02T09:00', b"\0" * 40, b" "], ids=["torn", "zeros", "a blank"])
@pytest.mark.parametrize("note", ["", "x" * TAIL], ids=["short", "long"])
def test_it_cuts_off_what_a_power_cut_left(store: FolderStore, left: bytes, note: str) -> None:
    store.audit(line(1, note))
    (path,) = (store.folder / "audit").iterdir()
    with path.open("ab") as file:
        file.write(left)
    assert list(store.audit_lines()) == [line(1, note)]
    store.audit(line(2))
    assert list(store.audit_lines()) == [line(1, note), line(2)]
    assert path.read_bytes().count(b"\n") == 2


def test_it_leaves_no_half_line_on_a_full_disk(store: FolderStore) -> None:
    store.audit(line(1))
    (path,) = (store.folder / "audit").iterdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
    try:
        with pytest.raises(StoreFull):
            store.audit(line(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes().endswith(b"\n")
    store.audit(line(3))
    assert list(store.audit_lines()) == [line(1), line(3)]


def test_it_names_a_damaged_line(store: FolderStore) -> None:
    for number in range(3):
        store.audit(line(number))
    (path,) = (store.folder / "audit").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:3] + b"\0" + whole[4:])
    with pytest.raises(StoreDamaged, match=f'"{path}" is damaged at byte 3 of {len(whole)}'):
        list(store.audit_lines())
