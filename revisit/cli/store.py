"""``revisit store``, ``backup`` and ``restore``: what holds the records, as a whole."""

from contextlib import closing
from pathlib import Path

import click

from revisit.cli.progress import progress
from revisit.flows.keeping.backup import make_backup, restore_backup
from revisit.flows.keeping.move_store import move, take_census
from revisit.records.problems import CallError
from revisit.settings import Workspace, clock, load
from revisit.store import open_store, store_url
from revisit.store.folder import FolderStore

FOLDER = "folder"


@click.group()
def store() -> None:
    """Where records are kept: the folder data/, or a PostgreSQL database."""


@store.command("move")
@click.option("--to", "target_url", required=True, metavar="URL", help='A database, or "folder" for data/.')
@click.pass_obj
def move_command(root: Path, target_url: str) -> None:
    """Copy every record into an empty store, and compare the two.

    Stop "revisit serve" first. The store that is in use now is only read.

    \b
    Examples:
      revisit store move --to postgresql://revisit@db.example.com/revisit
      REVISIT_STORE=postgresql://revisit@db.example.com/revisit revisit store move --to folder
    """
    workspace = load(root).workspace
    to_folder = target_url == FOLDER
    if to_folder and not store_url():
        raise CallError("The folder is the store in use. Name the database that you leave in REVISIT_STORE.")
    if not to_folder and target_url == store_url():
        raise CallError("This database is the store in use. Name another one.")
    with closing(open_store(workspace)) as source:
        total = sum(tally.count for tally in take_census(source).tallies().values())
        target = FolderStore(workspace.data) if to_folder else open_store(workspace, target_url)
        with closing(target), progress("Moving", total) as bar:
            moved = move(source, target, bar)
    for table, tally in moved.tallies.items():
        click.echo(f"{tally.count:>9,} {table:<12} {tally.fingerprint[:16]}")
    click.echo(f"{moved.rows:,} rows came over; counts and fingerprints are equal.")
    if to_folder:
        click.echo("From now on run without REVISIT_STORE and --store: unset REVISIT_STORE")
    else:
        click.echo("From now on set REVISIT_STORE to this URL, or start with: revisit serve --store URL")


@store.command("upgrade")
@click.option("--to", "version", default="", help="An older version of the tables to go back to (default: the newest).")
@click.option("--store", "given_url", default="", metavar="URL", help="The database (default: REVISIT_STORE).")
def upgrade_command(version: str, given_url: str) -> None:
    """Bring the tables of the database to the version that this program needs, or back to an older one.

    \b
    Examples:
      revisit store upgrade
      revisit store upgrade --to 0001
    """
    url = given_url or store_url()
    if not url:
        raise CallError("The folder needs no upgrade. For a database give --store URL or set REVISIT_STORE.")
    from revisit.store.postgres import upgrade  # noqa: PLC0415  the folder store needs nothing of it

    before, after = upgrade(url, version)
    click.echo(f"The tables are of version {after}" + (" already." if before == after else f" (before: {before})."))


@store.command("mend")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def mend_command(root: Path, file: Path, *, yes: bool) -> None:
    """Make a damaged data FILE whole: from its newest good copy, and from every row that can still be read in it.

    The damaged file is kept under data/damaged/.

    \b
    Example:
      revisit store mend data/answers/k7m-repair-2611-1.json
    """
    if store_url():
        raise CallError("The store in use is a database; its administrator mends it. This command mends data files.")
    workspace = load(root).workspace
    with closing(FolderStore(workspace.data)) as folder:
        mending = folder.mending(file)
        copy = f"{mending.copy} ({mending.from_copy:,} rows)" if mending.copy else "none that is good"
        click.echo(f"The newest copy: {copy}. Rows that can still be read in the damaged file: {mending.from_file:,}.")
        click.echo(f"Mended it has {mending.rows:,} rows. What came after the copy and cannot be read is lost.")
        if not yes:
            click.confirm("Mend it?", abort=True)
        kept = folder.mend(mending, clock()())
        click.echo(f"{mending.path} is whole. The damaged file is kept as {kept}.")
        filed = folder.file_set_aside()
        if filed:
            click.echo(f"{filed} answers that had waited were filed.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-keys", is_flag=True, help="Put keys.toml in as well: whoever has the file can open every link.")
@click.pass_obj
def backup(root: Path, file: Path, *, with_keys: bool) -> None:
    """Write everything as of this moment to FILE; the server may go on working.

    The file holds customers' names and phone numbers: keep it as safe as the workspace.

    \b
    Example:
      revisit backup /backup/revisit-2026-11-02.tar.gz
    """
    workspace = load(root).workspace
    with closing(open_store(workspace)) as opened:
        made = make_backup(opened, workspace, file, clock()(), with_keys=with_keys)
    size = file.stat().st_size / 2**20
    click.echo(f"{file}: {made.rows:,} rows, {size:.1f} MiB, {'with' if with_keys else 'without'} keys.")
    if not with_keys:
        click.echo(
            "Keep a copy of keys.toml elsewhere: without it no link can be shown again, and everybody signs in anew."
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="An empty folder (default: here)."
)
@click.pass_obj
def restore(root: Path, file: Path, folder: Path | None) -> None:
    """Make a workspace from a backup FILE, in an empty folder; with REVISIT_STORE set its records go to that database.

    \b
    Examples:
      revisit restore /backup/revisit-2026-11-02.tar.gz --to shop
      REVISIT_STORE=postgresql://revisit@db.example.com/revisit revisit restore shop.tar.gz --to shop
    """
    target = root if folder is None else folder
    with progress("Restoring", 0) as bar:
        made = restore_backup(file, Workspace(target), open_store, bar)
    click.echo(f"{made.rows:,} rows of {made.made_at:%Y-%m-%d %H:%M} UTC are back in {target} and were compared.")
    if not made.with_keys:
        click.echo("Put your copy of keys.toml back, readable by its owner alone (chmod 600).")
    click.echo(f"Then: revisit -C {target} build && revisit -C {target} doctor")
