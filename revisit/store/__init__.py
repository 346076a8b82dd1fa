"""Where records are kept."""

import os
from typing import TYPE_CHECKING

from revisit.settings import Workspace

if TYPE_CHECKING:
    from revisit.store.protocol import Store


def open_store(workspace: Workspace, url: str = "", *, lean: bool = False) -> "Store":
    """Open the store of a workspace; left-over work of a crash is finished first. Close it when done.

    It is the PostgreSQL database that ``url`` or the environment's ``REVISIT_STORE`` names; else the folder's files.
    A ``lean`` one is for going through very many records once: it keeps few of them in memory, and whoever goes through
    orders, visits or responses does so to the end.
    """
    address = url or store_url()
    if not address:
        from revisit.store.folder import FolderStore  # noqa: PLC0415  whoever builds forms needs no store

        return FolderStore(workspace.data, lean=lean)
    from revisit.store.postgres import open_postgres  # noqa: PLC0415  the folder store needs nothing of it

    return open_postgres(address, lean=lean)


def store_url() -> str:
    """Give the URL of the database that the environment names; empty for the folder."""
    return os.environ.get("REVISIT_STORE", "")
