"""Whether the folder can take answers, in plain sentences."""

import os
import shutil

from revisit.store.folder.base import Part
from revisit.store.protocol import StoreDamaged

LEAST_BYTES = 100 * 1024 * 1024
LEAST_SHARE = 0.05
OTHERS = {"intents", "aside", "second", "versions", "copies"}  # folders whose files are not tables


class Health(Part):
    """The part of the store that says how it is."""

    def healthy(self) -> list[str]:
        """See Store.healthy."""
        faults = []
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            faults.append(f'The data folder "{self.folder}" cannot be written. Give it to the user who runs revisit.')
        space = shutil.disk_usage(self.folder)
        if space.free < LEAST_BYTES or space.free < LEAST_SHARE * space.total:
            free = space.free // (1024 * 1024)
            faults.append(f'Only {free} MiB are free where "{self.folder}" lies. Free some space.')
        for path in sorted(self.folder.glob("**/*.json")):
            inside = path.relative_to(self.folder).parts
            if inside[0] in OTHERS or inside[0].startswith("."):
                continue
            try:
                self.shelf.tables(path)
            except StoreDamaged as error:
                faults.append(str(error))
        waiting = len(self.files("aside"))
        if waiting:
            faults.append(f"{waiting} answers wait beside a damaged data file. Put the file back; they are filed then.")
        return faults
