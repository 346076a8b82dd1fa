"""The locks of the data folder: a file of its own for each work that only one program does at a time."""

from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from revisit.store.folder.files import store_error


class Lock(FileLock):
    """A lock between processes that says what hinders where its file cannot be opened."""

    def acquire(self, *args: Any, **options: Any) -> AcquireReturnProxy[Any]:
        """Take the lock. Timeout where another holds it too long; StoreError, StoreFull where there can be no lock."""
        try:
            return super().acquire(*args, **options)
        except Timeout:
            raise
        except OSError as error:
            raise store_error(Path(self.lock_file), error) from error
