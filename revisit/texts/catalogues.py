"""How catalogues are compiled. Needs Babel alone: the build hook loads this file where nothing else is installed."""

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "locale"


def compile_catalogues(folder: Path = FOLDER) -> list[Path]:
    """Make the ``.mo`` file beside each ``.po`` file; gives the files it wrote, each swapped in whole."""
    # Every command imports this module, and only an installation compiles.
    from babel.messages.mofile import write_mo  # noqa: PLC0415 -- as said above
    from babel.messages.pofile import read_po  # noqa: PLC0415 -- likewise

    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], domain=source.stem)
        aside = target.with_name(f"{target.name}.{os.getpid()}")
        with aside.open("wb") as file:
            write_mo(file, catalogue)
        aside.replace(target)
        written.append(target)
    return written
