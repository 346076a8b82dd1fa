"""Where an installation lies on the disk, what time it is there, and where its defaults come from."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from revisit.records.problems import CallError

FILE_NAME = "revisit.toml"
UNITS_NAME = "units.toml"  # units that an import brought; nobody's handwriting is in it

Clock = Callable[[], datetime]


def clock(environ: Mapping[str, str] = os.environ) -> Clock:
    """Give the one clock of the program: aware UTC; ``REVISIT_NOW`` (ISO 8601) stops it for tests and the demo."""
    fixed = environ.get("REVISIT_NOW")
    if not fixed:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError:
        raise CallError(f'REVISIT_NOW is "{fixed}". Give it a time such as 2026-11-02T09:00:00+00:00.') from None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return lambda: moment


def defaults() -> Path:
    """Give the folder with the shipped ``surveys/`` and ``site_templates/``: in the wheel, or beside the package."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "defaults"
    return packed if packed.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders and files of one installation."""

    root: Path

    @property
    def surveys(self) -> Path:
        """Where the survey author's Markdown lies."""
        return self.root / "surveys"

    @property
    def templates(self) -> Path:
        """Where templates lie that override the shipped ones."""
        return self.root / "site_templates"

    @property
    def data(self) -> Path:
        """Where records are kept."""
        return self.root / "data"

    @property
    def versions(self) -> Path:
        """Where each published version of a survey is kept."""
        return self.data / "versions"

    @property
    def site(self) -> Path:
        """Where the static forms are built."""
        return self.root / "build" / "site"

    @property
    def compiled(self) -> Path:
        """Where templates lie as Jinja compiled them; `revisit build` makes the folder."""
        return self.root / "build" / ".templates"

    @property
    def exports(self) -> Path:
        """Where exports land that were asked for without ``-o``."""
        return self.root / "build" / "exports"

    @property
    def reports(self) -> Path:
        """Where reports land that were asked for without ``-o``."""
        return self.root / "build" / "reports"
