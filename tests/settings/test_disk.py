"""What an error of the system about a file means: which file, why, and what to do."""

import errno
from pathlib import Path

import pytest

from revisit.settings.disk import DiskError, read_text, telling, told


def test_it_names_the_file_that_stands_where_a_folder_belongs(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(DiskError) as caught, telling():
        (tmp_path / "data" / "reports").mkdir()
    assert str(caught.value) == (
        f'"{tmp_path}/data" is a file, and a folder belongs there. Run: mv {tmp_path}/data {tmp_path}/data.aside'
    )


def test_it_names_the_folder_that_stands_where_a_file_belongs(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match=r"is a folder, and a file belongs there\. Run: mv .*/x.* y.aside"):
        read_text(_made(tmp_path / "x y"))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, 'There is no space left to write "data/x". Free some; what was stored before is whole.'),
        (errno.EROFS, '"data/x" cannot be written: its disk is mounted read-only. Mount it so that it can be written.'),
        (errno.EIO, '"data/x" cannot be used: Input/output error. Look after the disk, then run: revisit doctor'),
        (errno.ENOENT, '"data/x" is missing. Put it back; revisit doctor says what else is.'),
    ],
)
def test_it_says_what_to_do(number: int, said: str) -> None:
    words = {errno.EIO: "Input/output error"}.get(number, "")
    assert told(OSError(number, words, "data/x")) == said


def test_it_leaves_alone_what_is_about_no_file() -> None:
    with pytest.raises(ConnectionRefusedError), telling():
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    with pytest.raises(FileNotFoundError):
        read_text(Path("/nowhere/at/all"))
