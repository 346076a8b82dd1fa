"""What can go wrong with a report, in sentences for the person who asked for it."""

from collections.abc import Sequence
from typing import ClassVar

from revisit.records.problems import RevisitError


class ReportError(RevisitError):
    """A report could not be drawn."""


class ReportBusy(ReportError):
    """Too many reports are being drawn already."""

    status: ClassVar[int] = 503


class MissingGlyphs(ReportError):
    """No installed font has some characters; ``characters`` are these."""

    def __init__(self, characters: Sequence[str]) -> None:
        """Name the characters."""
        self.characters = tuple(characters)
        named = ", ".join(f"{character} (U+{ord(character):04X})" for character in self.characters)
        super().__init__(
            f"No installed font has {named}, so the report would show boxes. Install the fonts (on Debian: apt-get "
            "install fonts-noto-cjk) or take the character out."
        )
