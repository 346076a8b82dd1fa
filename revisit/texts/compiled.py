"""Compiled templates: what Jinja made of them is kept for the next process, each under its text's checksum."""

import os
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket


class _Kept(FileSystemBytecodeCache):
    """A cache that may fail: a page is drawn on a full disk, and when somebody took the folder away."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template where that can be done."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_compiled(made: Environment, folder: Path) -> None:
    """Let an environment keep its templates compiled in a folder, where that is there and may be written to."""
    if os.access(folder, os.W_OK):
        made.bytecode_cache = _Kept(str(folder))
