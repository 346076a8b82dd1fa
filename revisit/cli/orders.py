"""``revisit orders``: repair orders come in from files, in batches that can be taken back."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from revisit.cli.progress import progress
from revisit.cli.words import count
from revisit.flows.office import Office
from revisit.flows.visiting import intake
from revisit.flows.visiting.asking import asking
from revisit.records.orders import Batch
from revisit.records.problems import CallError
from revisit.settings import Settings, clock, load, load_keys
from revisit.store import open_store
from revisit.visits.bad_rows import listed, write_bad_rows
from revisit.visits.orders_file import OrderRow, Reading
from revisit.visits.phones import masked

SHOWN_ROWS = 5


@click.group()
def orders() -> None:
    """Repair orders: bring them in, list the imports, take one back."""


@orders.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what the file holds and change nothing.")
@click.option("--encoding", default="", help="The file's text encoding, such as gb18030 or big5 (default: found out).")
@click.option("--unit", default="", help="The station of all rows, where the file has no column for it.")
@click.option("--survey", default="", help="The survey that customers are asked (default: orders.survey).")
@click.option("--strict", is_flag=True, help="Import nothing when a row is bad.")
@click.option(
    "--bad-rows",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the bad rows to this CSV file, to correct and import.",
)
@click.option("--sample", is_flag=True, help="Mark everything as sample data (revisit demo --clear removes it).")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.pass_obj
def import_command(root: Path, /, file: Path, **options: Any) -> None:
    """Read closed repair orders from a CSV or Excel FILE and plan a visit for each.

    Good rows go in as one batch; each bad row is listed with its reason. Importing a file twice changes nothing.

    \b
    Examples:
      revisit orders import orders.csv --dry-run
      revisit orders import orders.xlsx --bad-rows bad.csv
    """
    settings = load(root)
    now = clock()
    reading = intake.read(file, settings, now(), unit=options["unit"], encoding=options["encoding"])
    if options["bad_rows"] is not None:
        write_bad_rows(options["bad_rows"], reading.bad_sheet, reading.bad)
    stopped = bool(options["strict"] and reading.bad)
    imported = None
    with closing(open_store(settings.workspace)) as store:
        if options["dry_run"] or stopped:
            known = intake.known_orders(store, reading)
        else:
            office = Office(store, settings, load_keys(root), now, by="import")
            asked = asking(settings, options["survey"] or settings.orders.survey)
            source = intake.Source(file.name, asked, options["sample"])
            with progress("Importing", len(reading.rows)) as bar:
                imported = intake.import_orders(office, reading, source, progress=bar)
            known = imported.known
    report = _report(file, reading, known, imported)
    if options["as_json"]:
        click.echo(json.dumps(report | {"bad": [asdict(bad) for bad in reading.bad]}, ensure_ascii=False, indent=2))
    else:
        _print(settings, reading, report, dry=imported is None, stopped=stopped)
    if reading.bad and (imported is None or not reading.rows):
        raise click.exceptions.Exit(1)


def _report(file: Path, reading: Reading, known: int, imported: intake.Imported | None) -> dict[str, Any]:
    return {
        "file": file.name,
        "encoding": reading.encoding,
        "columns": reading.columns,
        "unread": reading.unread,
        "good_rows": len(reading.rows),
        "bad_rows": reading.bad_rows,
        "not_closed": reading.not_closed,
        "known": known,
        "imported": imported.added if imported is not None else 0,
        "links": imported.links if imported is not None else 0,
        "batch": imported.batch_id if imported is not None else "",
        "remarks": reading.remarks,
    }


def _print(settings: Settings, reading: Reading, report: dict[str, Any], *, dry: bool, stopped: bool) -> None:
    encoding = f" ({report['encoding']})" if report["encoding"] else ""
    found = ", ".join(f"{header} = {name}" for name, header in report["columns"].items())
    click.echo(f"{report['file']}{encoding}: {found}")
    if reading.unread:
        click.echo(
            f"Not read: {', '.join(reading.unread)} (what your system calls otherwise goes under [orders.columns] in "
            "revisit.toml)"
        )
    if dry:
        for row in reading.rows[:SHOWN_ROWS]:
            click.echo(f"  {_shown(settings, row)}")
        if len(reading.rows) > SHOWN_ROWS:
            click.echo(f"  and {count(len(reading.rows) - SHOWN_ROWS, 'good row')} more")
    _print_bad(reading)
    for remark in reading.remarks:
        click.echo(f"Note: {remark}")
    if report["not_closed"]:
        click.echo(
            f"{count(report['not_closed'], 'row')} without a closing day: not closed yet, left for a later export."
        )
    click.echo(_outcome(report, stopped=stopped))


def _print_bad(reading: Reading) -> None:
    if not reading.bad:
        return
    click.echo(f"{count(reading.bad_rows, 'bad row')}:")
    for line in listed(reading.bad):
        click.echo(f"  {line}")


def _outcome(report: dict[str, Any], *, stopped: bool) -> str:
    good, known, added = report["good_rows"], report["known"], report["imported"]
    if stopped:
        return f"Nothing was imported: {count(report['bad_rows'], 'row')} must be corrected first (--strict)."
    if report["batch"]:
        rest = f"; {count(known, 'order')} known already and left as they are" if known else ""
        fewer = " (visits that are excluded or expired get none)" if report["links"] < added else ""
        return (
            f"Imported {count(added, 'order')}{rest}. New links: {report['links']}{fewer}.\n"
            f"To take this import back: revisit orders undo {report['batch']}"
        )
    if good and known == good:
        return f"Nothing to import: all {count(good, 'order')} of this file are known already."
    if not good:
        return "Nothing to import: the file has no usable row."
    return f"Nothing was changed (dry run). An import would add {count(good - known, 'order')}; {known} known already."


def _shown(settings: Settings, row: OrderRow) -> str:
    facts = [
        f"row {row.row}: {row.number}",
        f"closed {row.closed_on}",
        settings.organisation.of_path(row.unit).name,
        row.asset,
        row.plate,
        f"phone {masked(row.phone)}" if row.phone else "",
        f"e-mail {masked(row.email)}" if row.email else "",
        *(f"{fact} {value}" for fact, value in row.facts.items()),
    ]
    return ", ".join(fact for fact in facts if fact)


@orders.command("batches")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def batches_command(root: Path, *, as_json: bool) -> None:
    """List the imports, the last filed first."""
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        held = store.batches()
    if as_json:
        click.echo(json.dumps([asdict(batch) for batch in held], ensure_ascii=False, indent=2, default=str))
        return
    for batch in held:
        local = batch.imported_at.astimezone(settings.timezone)
        undone = f"  taken back {batch.undone_at:%Y-%m-%d}" if batch.undone_at else ""
        sample = "  sample data" if batch.sample else ""
        rows = count(batch.rows, batch.kind.removesuffix("s"))
        click.echo(f"{batch.id}  {local:%Y-%m-%d %H:%M}  {rows}  {batch.file_name}{sample}{undone}")
    if not held:
        click.echo("There are no imports yet. Bring orders in with: revisit orders import FILE", err=True)


def _described(settings: Settings, batch: Batch) -> str:
    local = batch.imported_at.astimezone(settings.timezone)
    rows = count(batch.rows, batch.kind.removesuffix("s"))
    sample = ", sample data" if batch.sample else ""
    return f"import {batch.id} ({rows} of {batch.file_name}, {local:%Y-%m-%d %H:%M}{sample})"


@orders.command("undo")
@click.argument("batch", default="")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def undo_command(root: Path, batch: str, *, yes: bool) -> None:
    """Take an import back: the BATCH named (see: revisit orders batches), or after asking the one filed last.

    Orders go with their visits and links; an order whose customer has answered stays. --yes needs a BATCH.

    \b
    Examples:
      revisit orders undo
      revisit orders undo 2611-4kq8 --yes
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        chosen = batch or next((held.id for held in store.batches() if held.undone_at is None), "")
        if not chosen:
            raise CallError("There is no import to take back.")
        held = next((one for one in store.batches() if one.id == chosen), None)
        if held is not None and held.undone_at is None:
            what = _described(settings, held)
            if yes and not batch:
                raise CallError(f"Say which import: {what} is the last. Its line: revisit orders undo {chosen} --yes")
            if not yes:
                click.confirm(f"Take back {what}?", abort=True)
        undone = intake.undo(store, chosen, clock()())
    what = held.kind.removesuffix("s") if held is not None else "row"
    click.echo(f"Took back {count(undone.removed, what)} of {held.file_name if held is not None else chosen}.")
    if undone.kept:
        stay = "stays" if undone.kept == 1 else "stay"
        click.echo(f"{count(undone.kept, 'order')} {stay} because the customer has answered.")
    if undone.letters:
        click.echo(
            f"{count(undone.letters, 'letter')} had been written for the orders taken back: sent, or laid into "
            "data/outbox. Their links no longer open; delete what still lies in the outbox."
        )
