"""``revisit responses``: answers that another tool gathered."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from revisit.cli.progress import progress
from revisit.cli.words import count
from revisit.flows.answering import answers_in
from revisit.flows.office import Office
from revisit.settings import UNITS_NAME, clock, load, load_keys
from revisit.store import open_store
from revisit.visits.answers_words import AnswerMap, read_map
from revisit.visits.bad_rows import BadRow, listed, write_bad_rows


@click.group()
def responses() -> None:
    """Answers: bring in what another tool gathered."""


# So many different faults of a file are printed at most, those of most rows.
MOST_LINES = 20
_FILE = click.Path(path_type=Path, dir_okay=False)


@responses.command("import")
@click.argument("file", type=_FILE)
@click.option("--survey", default="", help="The survey that was answered (default: orders.survey).")
@click.option("--units", "units_file", type=_FILE, help="A file with units that revisit.toml does not have.")
@click.option("--orders", "orders_file", type=_FILE, help="A file with what became of each order's visit.")
@click.option("--map", "map_file", type=_FILE, help="A TOML file that names columns and words.")
@click.option("--encoding", default="", help="The files' text encoding, such as gb18030 (default: found out).")
@click.option(
    "--bad-rows",
    type=_FILE,
    help="Write the bad rows of FILE to this CSV file, to correct and import.",
)
@click.option("--dry-run", is_flag=True, help="Show what the files hold and change nothing.")
@click.option("--sample", is_flag=True, help="Mark everything as sample data (revisit demo --clear removes it).")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.pass_obj
def import_command(root: Path, /, file: Path, **options: Any) -> None:
    """Read answers from a CSV or Excel FILE: a number of the answer or its order, the time, a column for each question.

    An answer with an order number settles that order's visit; the order must be known (revisit orders import). One
    without counts for the station it names. UNITS brings stations that are new. ORDERS says what became of the other
    orders: declined, unreachable, tried, excluded and why, or AAPOR's codes. Importing twice changes nothing; revisit
    orders undo takes it back.

    \b
    Examples:
      revisit responses import answers.csv --orders visits.csv
      revisit responses import answers.csv --survey airport --units gates.csv --map codes.toml
    """
    settings = load(root)
    now = clock()
    own = read_map(options["map_file"]) if options["map_file"] is not None else AnswerMap()
    files = answers_in.Files(file, options["orders_file"], own, options["encoding"], options["units_file"])
    survey = options["survey"].removesuffix(".md") or settings.orders.survey
    incoming = answers_in.read(settings, files, survey, sample=options["sample"])
    taken = None
    with closing(open_store(settings.workspace)) as store:
        matched = answers_in.match(store, incoming, now())
        if not options["dry_run"]:
            office = Office(store, settings, load_keys(root), now, by="import")
            with progress("Importing", len(matched.answers) + len(matched.dispositions)) as bar:
                taken = answers_in.take_in(office, incoming, matched, progress=bar)
    if options["bad_rows"] is not None:
        write_bad_rows(options["bad_rows"], answers_in.bad_sheet(files, incoming, matched), matched.bad)
    report = _report(incoming, matched, taken)
    if options["as_json"]:
        lists = {"bad": matched.bad, "bad_orders": matched.bad_dispositions, "bad_units": incoming.units.bad}
        bad = {name: [asdict(one) for one in rows] for name, rows in lists.items()}
        click.echo(json.dumps(report | bad, ensure_ascii=False, indent=2))
    else:
        if options["units_file"] is not None:
            _print_bad(options["units_file"].name, incoming.units.bad)
        if not incoming.answers.rows and not incoming.answers.bad:
            click.echo(f'"{file.name}" has headers and no row below them.')
        _print(file, options["orders_file"], matched, report)
    good = matched.answers or matched.dispositions or matched.known or incoming.units.new
    if (matched.bad or matched.bad_dispositions or incoming.units.bad) and (taken is None or not good):
        raise click.exceptions.Exit(1)


def _report(
    incoming: answers_in.Incoming, matched: answers_in.Matched, taken: answers_in.TakenIn | None
) -> dict[str, Any]:
    return {
        "answers": len(matched.answers),
        "dispositions": len(matched.dispositions),
        "known": matched.known,
        "units": len(incoming.units.new),
        "missing": list(incoming.answers.missing),
        "unread": list(incoming.answers.unread),
        "imported_answers": taken.responses if taken is not None else 0,
        "imported_dispositions": taken.visits if taken is not None else 0,
        "batch": taken.batch_id if taken is not None else "",
        "dry_run": taken is None,
    }


def _print(file: Path, orders_file: Path | None, matched: answers_in.Matched, report: dict[str, Any]) -> None:
    if report["missing"]:
        click.echo(f"Not in the file, so taken as not asked: {', '.join(report['missing'])}")
    if report["unread"]:
        click.echo(f"Not read: {', '.join(report['unread'])} (name them under [columns] in a --map file)")
    _print_bad(file.name, matched.bad, "all of them go to a file with: --bad-rows bad.csv")
    if orders_file is not None:
        _print_bad(orders_file.name, matched.bad_dispositions)
    if report["known"]:
        click.echo(f"{count(report['known'], 'answer')} known already and left as they are.")
    if report["dry_run"]:
        click.echo(
            f"Nothing was changed (dry run). An import would add {count(report['answers'], 'answer')} and note "
            f"{count(report['dispositions'], 'other outcome')}."
        )
        if report["units"]:
            click.echo(f"It would write {count(report['units'], 'unit')} to {UNITS_NAME}.")
        return
    if report["units"]:
        click.echo(f"Units written to {UNITS_NAME}: {report['units']:,}. Restart revisit serve, if it runs.")
    if report["batch"]:
        click.echo(
            f"Imported {count(report['imported_answers'], 'answer')} and noted "
            f"{count(report['imported_dispositions'], 'other outcome')}.\n"
            f"To take this import back: revisit orders undo {report['batch']}"
        )
    elif report["known"]:
        click.echo("Nothing to import: everything usable in these files is known already.")
    else:
        click.echo("Nothing was imported.")


def _print_bad(name: str, bad: list[BadRow], where: str = "all of them stand under --json") -> None:
    if not bad:
        return
    click.echo(f"{name}: bad rows: {len({one.row for one in bad}):,}")
    for line in listed(bad, MOST_LINES):
        click.echo(f"  {line}")
    faults = len({(one.column, one.what, one.cure) for one in bad})
    if faults > MOST_LINES:
        click.echo(f"  and {count(faults - MOST_LINES, 'other fault')}; {where}")
