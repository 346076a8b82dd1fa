"""Whether an installation can do its work: each thing it needs, what is wrong with it and the exact cure."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from revisit.records.problems import RevisitError
from revisit.settings import Settings, Workspace, clock, load, load_keys
from revisit.settings.disk import DiskError, may_use, opening, told
from revisit.store import open_store, store_url
from revisit.store.folder.health import network_file_system
from revisit.store.protocol import Counted, Store, StoreError

Grade = Literal["fine", "note", "fault"]

PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
INSTALL = "sudo apt-get install --no-install-recommends"
# One face for each Chinese: a Han character looks different in each, and the other one is a mistake on paper.
FACES: dict[str, str] = {"zh-Hans": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK TC"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``cure`` is a line to type or a thing to do; empty when it is fine."""

    name: str
    grade: Grade
    what: str
    cure: str = ""


# How far two clocks may differ. A customer does not notice a minute; a link that runs out, or a day, may be another.
APART = timedelta(minutes=1)
AHEAD = timedelta(minutes=5)
SET_CLOCK = "sudo timedatectl set-ntp true"

# What must be folders, in data/ and build/.
FOLDERS = (
    "answers", "aside", "audit", "contacts", "copies", "intents", "letters", "orders", "outbox", "reports", "tags",
    "versions", "site", "exports",
)  # fmt: skip

Runner = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a program and keep what it says."""
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def check_installation(root: Path, environ: Mapping[str, str] = os.environ, runner: Runner = run) -> Iterator[Check]:
    """Look at everything a workspace needs, in the order in which faults are best mended."""
    yield check_pango(runner)
    yield check_fonts(runner)
    try:
        settings = load(root, environ)
    except DiskError as error:
        yield _fault("settings", str(error))
        return
    except RevisitError as error:
        yield Check("settings", "fault", str(error), "Mend revisit.toml as said.")
        return
    yield Check("settings", "fine", f"{len(settings.organisation.units)} units, {settings.timezone.key}")
    yield check_address(settings)
    yield check_mail(settings)
    yield from check_recipients(settings)
    try:
        load_keys(root, environ)
        yield Check("keys", "fine", "one for each use, readable by their owner alone")
    except RevisitError as error:
        yield _fault("keys", str(error))
    folders = list(check_folders(settings.workspace))
    yield from folders
    yield from check_permissions(settings.workspace)
    yield check_surveys(settings.workspace)
    faults = {check.name for check in folders if check.grade == "fault"}
    if "build/" not in faults:
        yield check_site(settings.workspace)
    if "data/" not in faults or store_url():
        yield from check_store(settings, environ, runner)


def _fault(name: str, said: str) -> Check:
    """Make a check of a sentence that says what is wrong, and then what to do."""
    what, _, cure = said.partition(". ")
    return Check(name, "fault", what, cure.removeprefix("Run: "))


def check_pango(runner: Runner = run) -> Check:
    """See whether PDFs can be set. Another process tries it, so that this one stays small."""
    tried = runner([sys.executable, "-c", "import weasyprint; print(weasyprint.__version__)"])
    if tried.returncode == 0:
        return Check("pdf", "fine", f"WeasyPrint {tried.stdout.strip()} finds Pango")
    reason = tried.stderr.strip().splitlines()[-1] if tried.stderr.strip() else "it gave no reason"
    return Check("pdf", "fault", f"WeasyPrint cannot start: {reason}", f"{INSTALL} {PANGO_PACKAGES}")


def check_fonts(runner: Runner = run) -> Check:
    """See whether Chinese can be set with its own characters."""
    if shutil.which("fc-list") is None:
        return Check("fonts", "fault", "fc-list is missing, so fonts cannot be seen", f"{INSTALL} fontconfig")
    families = runner(["fc-list", ":lang=zh", "family"]).stdout
    missing = [face for face in FACES.values() if face not in families]
    if missing:
        return Check("fonts", "fault", f"{' and '.join(missing)} missing", f"{INSTALL} fonts-noto-cjk")
    return Check("fonts", "fine", ", ".join(FACES.values()))


def check_address(settings: Settings) -> Check:
    """See whether links lead anywhere but to this machine."""
    host = settings.public_url.partition("://")[2].partition(":")[0]
    if host in {"127.0.0.1", "localhost"}:
        return Check(
            "address",
            "note",
            f"links lead to {settings.public_url}, which opens on this machine alone",
            'Set public_url in revisit.toml to the address customers reach, for example "https://visit.example.com".',
        )
    if not settings.secure:
        return Check(
            "address", "note", f"{settings.public_url} is not https", "Put a web server with a certificate in front."
        )
    return Check("address", "fine", settings.public_url)


def check_mail(settings: Settings) -> Check:
    """See whether e-mail can leave."""
    if settings.mail.host and settings.mail.sender:
        return Check("mail", "fine", f"by {settings.mail.host}:{settings.mail.port} from {settings.mail.sender}")
    return Check("mail", "note", "no e-mail can be sent", "Fill [mail] in revisit.toml, if links are to go by e-mail.")


def check_recipients(settings: Settings) -> Iterator[Check]:
    """Say which scheduled reports there are and who is told of them; see whether somebody is told of none."""
    schedule = settings.reports
    rows = {"weekly": schedule.weekly, "monthly": schedule.monthly, "quarterly": schedule.quarterly}
    wanted = ", ".join(f"{often} {' and '.join(kinds)}" for often, kinds in rows.items() if kinds)
    people = "; ".join(f"{unit}: {', '.join(who)}" for unit, who in schedule.recipients.items() if who)
    if wanted and people:
        yield Check("reports", "fine", f"{wanted}, told to {people}")
    elif wanted:
        cure = "Name who is told under [reports.recipients] in revisit.toml, if somebody is to be."
        yield Check("reports", "note", f"{wanted}, and nobody is told of them", cure)
    elif people:
        cure = 'Name kinds under [reports] in revisit.toml, such as monthly = ["branch"].'
        yield Check("reports", "note", f"nothing is issued by itself, but would be told to {people}", cure)


def check_folders(workspace: Workspace) -> Iterator[Check]:
    """See whether records and pages can be written."""
    for folder in (workspace.data, workspace.root / "build"):
        name = f"{folder.name}/"
        if not folder.exists():
            cure = "revisit build" if folder.name == "build" else "revisit init ."
            yield Check(name, "fault", f"the folder {folder} is missing", cure)
        elif not folder.is_dir():
            yield _fault(name, told(NotADirectoryError(errno.ENOTDIR, "", str(folder))))
        elif shut := next((path for path in (folder, *_inside(folder)) if not may_use(path)), None):
            verb = "written" if os.access(shut, os.R_OK) else "read"
            yield Check(name, "fault", f"{shut} cannot be {verb}", opening(shut))
        elif file := next((folder / inner for inner in FOLDERS if (folder / inner).is_file()), None):
            yield _fault(name, told(NotADirectoryError(errno.ENOTDIR, "", str(file))))
        else:
            free = shutil.disk_usage(folder).free // 2**20
            yield Check(name, "fine", f"can be written; {free:,} MiB are free")


def _inside(folder: Path) -> list[Path]:
    """Give the folders in a folder; what lies in them is looked at when the store reads it."""
    return sorted(path for path in folder.iterdir() if path.is_dir()) if may_use(folder) else []


def check_surveys(workspace: Workspace) -> Check:
    """See whether there is anything to ask."""
    for path in (workspace.surveys, *sorted(workspace.surveys.glob("*.md"))):
        if path.exists() and not os.access(path, os.R_OK):
            return Check("surveys", "fault", f"{path} cannot be read", opening(path))
    if workspace.surveys.is_file():
        return _fault("surveys", told(NotADirectoryError(errno.ENOTDIR, "", str(workspace.surveys))))
    count = len(list(workspace.surveys.glob("*.md")))
    if count:
        return Check("surveys", "fine", f"{count} files in {workspace.surveys}")
    return Check("surveys", "fault", f"there is no survey in {workspace.surveys}", "revisit init .")


def check_site(workspace: Workspace) -> Check:
    """See whether there are forms to serve."""
    if (workspace.site / "site.json").is_file():
        return Check("site", "fine", f"built in {workspace.site}")
    return Check("site", "fault", "no forms are built", "revisit build")


def check_permissions(workspace: Workspace) -> Iterator[Check]:
    """See whether others on this machine may read what customers wrote."""
    if workspace.data.is_dir() and workspace.data.stat().st_mode & 0o007:
        cure = f'chmod o= "{workspace.data}"'
        yield Check("access", "fault", f"everybody on this machine may look into {workspace.data}", cure)


def check_store(settings: Settings, environ: Mapping[str, str] = os.environ, runner: Runner = run) -> Iterator[Check]:
    """See whether the store takes answers, whether its clock is ours, and whether anybody can sign in."""
    workspace = settings.workspace
    if not workspace.data.is_dir():
        return
    network = "" if store_url() else network_file_system(workspace.data)
    if network:
        cure = "Move the workspace to a disk of this machine, or its records to PostgreSQL: revisit store move --to URL"
        yield Check("disk", "fault", f"{workspace.data} lies on a network file system ({network})", cure)
    try:
        with contextlib.closing(open_store(workspace)) as store:
            faults = store.healthy()
            if not faults:
                yield Check("store", "fine", f"{_readable()}: {_holdings(store)}")
                yield check_clock(store, clock(environ)(), stopped=environ.get("REVISIT_NOW", ""), runner=runner)
                yield _people(store)
    except StoreError as error:
        faults = [str(error)]
    for fault in faults:
        what, _, cure = fault.partition(". ")
        yield Check("store", "fault", what, cure.removeprefix("Run: "))


def _readable() -> str:
    return "the database answers" if store_url() else "every file can be read"


def _holdings(store: Store) -> str:
    """Say how much there is of what must not get lost."""
    kinds: tuple[Counted, ...] = ("orders", "visits", "responses", "letters")
    return ", ".join(f"{store.count(kind).get((), 0):,} {kind}" for kind in kinds)


def _people(store: Store) -> Check:
    people = [user for user in store.users() if not user.disabled]
    if any(user.role == "admin" for user in people):
        return Check("people", "fine", f"{len(people)} can sign in")
    return Check("people", "note", "nobody administers this installation yet", "revisit users add NAME --role admin")


def check_clock(store: Store, now: datetime, *, stopped: str = "", runner: Runner = run) -> Check:
    """See whether the clock is right: beside that of the store, and beside the newest records."""
    if stopped:
        return Check("clock", "note", f"REVISIT_NOW stops the clock at {stopped}", "unset REVISIT_NOW")
    apart = store.clock() - now
    if abs(apart) > APART:
        whose = "the database" if store_url() else "the file system"
        way = "behind" if apart > timedelta() else "ahead of"
        return Check("clock", "fault", f"the clock is {_told(abs(apart))} {way} that of {whose}", SET_CLOCK)
    newest = _newest(store)
    if newest is not None and newest > now + AHEAD:
        what = f"it is {now:%Y-%m-%d %H:%M} UTC here, and there are records of {newest:%Y-%m-%d %H:%M} UTC"
        return Check("clock", "fault", f"{what}: the clock is wrong, or was", SET_CLOCK)
    if shutil.which("timedatectl"):
        kept = runner(["timedatectl", "show", "--property=NTPSynchronized", "--value"])
        if kept.returncode == 0 and kept.stdout.strip() == "no":
            return Check("clock", "note", f"{now:%Y-%m-%d %H:%M} UTC, and nobody keeps it right", SET_CLOCK)
    return Check("clock", "fine", f"{now:%Y-%m-%d %H:%M} UTC, and no record is of the future")


def _told(apart: timedelta) -> str:
    seconds = int(apart.total_seconds())
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"


def _newest(store: Store) -> datetime | None:
    """Give when the newest record was made."""
    surveys = {invitation.survey for invitation in store.invitations()} | {poster.survey for poster in store.posters()}
    answers = (row["received_at"] for survey in surveys for row in store.response_rows(survey))
    moments = [
        *(datetime.fromisoformat(moment).astimezone(UTC) for moment in [max(answers, default="")] if moment),
        *(batch.imported_at for batch in store.batches()),
        *(letter.changed_at for letter in store.letters()),
        *(line.at for line in store.audit_lines()),
        *(report.issued_at for report in store.reports()),
    ]
    return max(moments, default=None)
