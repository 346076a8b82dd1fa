"""Where records are kept."""

from revisit.settings import Workspace
from revisit.store.folder import FolderStore
from revisit.store.protocol import Store


def open_store(workspace: Workspace) -> Store:
    """Open the store of a workspace; left-over work of a crash is finished first. Close it when done."""
    return FolderStore(workspace.data)
