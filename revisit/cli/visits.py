"""``revisit visits``: which customers are to be asked now, with which link, and the letters that ask them."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from revisit.cli.progress import progress
from revisit.cli.words import count
from revisit.flows.asked import find_survey, named_unit
from revisit.flows.office import Office
from revisit.flows.visiting import send
from revisit.flows.visiting.visits import withdrawn_visits
from revisit.records.letters import Channel, Letter
from revisit.records.problems import CallError
from revisit.settings import Settings, clock, load, load_keys
from revisit.store import open_store
from revisit.store.protocol import EVERYTHING, Scope, Store
from revisit.visits.phones import masked
from revisit.visits.policy import CLOSES, OPENS, last_day

HOURS = f"{OPENS:%H:%M} to {CLOSES:%H:%M}"
WORDS = {
    "bounced": "refused by the address",
    "failed": "failed",
    "later": "left for the next sending",
    "unknown": "unknown: the mail server broke off and the letter may have gone out",
    "asleep": f"waiting for the opening hours, {HOURS} at the station (--now sends at once)",
    "withdrawn": "dropped because the visit was answered or closed meanwhile",
    "taken": "taken by another sender",
}


@click.group()
def visits() -> None:
    """Return visits: plan them, list what is due, write to customers."""


@visits.command("plan")
@click.option("--withdrawn", is_flag=True, help="Give a new link also where the former one was withdrawn.")
@click.pass_obj
def plan_command(root: Path, *, withdrawn: bool) -> None:
    """Give every open visit that never had a link its link. An import does this too; doing it again changes nothing.

    A link that was withdrawn on purpose is replaced with --withdrawn, or one at a time at the desk.
    """
    settings, keys, now = load(root), load_keys(root), clock()()
    with closing(open_store(settings.workspace)) as store:
        made = send.plan_visits(store, settings, keys, now)
        without = withdrawn_visits(store, now)
        if withdrawn:
            for visit in without:
                send.reissue(store, keys, visit, now)
            made, without = made + len(without), []
    if made:
        click.echo(f"New links: {made}.")
    if without:
        has, its = ("has", "its") if len(without) == 1 else ("have", "their")
        click.echo(
            f"{count(len(without), 'open visit')} {has} no open link because {its} link was withdrawn. New ones: "
            "revisit visits plan --withdrawn, or one at a time at the desk."
        )
    elif not made:
        click.echo("Every open visit has its link already.")


def _scope(settings: Settings, unit: str) -> Scope:
    if not unit:
        return EVERYTHING
    return Scope(named_unit(settings, unit).path)


@visits.command("due")
@click.option("--unit", default="", help="Only this part of the organisation (id or name).")
@click.option("--survey", default="", help="Only visits that ask this survey.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def due_command(root: Path, unit: str, survey: str, *, as_json: bool) -> None:
    """List the visits that are open now, each with its link, what expires first on top.

    \b
    Example:
      revisit visits due --unit lakeside --json
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        due = send.due_visits(store, settings, load_keys(root), clock()(), _scope(settings, unit), survey)
    if survey and not due:
        find_survey(settings, survey)  # a name that nobody knows is no empty list
    if as_json:
        click.echo(json.dumps([_as_json(settings, one) for one in due], ensure_ascii=False, indent=2))
        return
    for one in due:
        until = last_day(one.visit.expires_at, settings.zone(one.visit.unit))
        facts = (one.order.number, settings.organisation.of_path(one.visit.unit).name, one.order.asset, one.order.plate)
        what = ", ".join(fact for fact in facts if fact)
        click.echo(f"until {until}  {one.link or 'no open link'}  {what}")
    if not due:
        click.echo("No visit is due now.", err=True)


def _as_json(settings: Settings, one: send.DueVisit) -> dict[str, Any]:
    return {
        "visit": one.visit.id,
        "number": one.order.number,
        "unit": one.order.unit,
        "closed_on": one.order.closed_on.isoformat(),
        "survey": one.visit.survey,
        "state": one.state,
        "due_at": one.visit.due_at.isoformat(),
        "expires_at": one.visit.expires_at.isoformat(),
        "last_day": last_day(one.visit.expires_at, settings.zone(one.visit.unit)).isoformat(),
        "language": one.invitation.language if one.invitation is not None else "",
        "asset": one.order.asset,
        "plate": one.order.plate,
        "engineer": one.order.engineer,
        "channel": send.channel_for(one.contact) or "",
        "attempts": len(one.visit.attempts),
        "link": one.link,
    }


@visits.command("send")
@click.option("--dry-run", is_flag=True, help="Show which letters would be written and send none.")
@click.option(
    "--channel", type=click.Choice(["email", "sms"]), help="Only by this channel (default: e-mail, else SMS)."
)
@click.option("--now", "anyway", is_flag=True, help="Send outside the opening hours too.")
@click.option("--visit", "visit_id", default="", help="Only this visit (its id, from: revisit visits due --json).")
@click.option("--unit", default="", help="Only this part of the organisation (id or name).")
@click.option("--sample", is_flag=True, help="Write to the made-up customers of sample data too.")
@click.pass_obj
def send_command(root: Path, /, **options: Any) -> None:
    """Write to every customer whose visit is due and who was not written to yet.

    E-mails go to the mail server of revisit.toml, or without one into data/outbox/ as .eml files; text messages go into
    data/outbox/ as .txt files for your SMS service. No letter is ever sent twice.

    \b
    Examples:
      revisit visits send --dry-run
      revisit visits send --channel email
    """
    settings = load(root)
    channel: Channel | None = options["channel"]
    with closing(open_store(settings.workspace)) as store:
        office = Office(store, settings, load_keys(root), clock())
        now = office.clock()
        send.plan_visits(store, settings, office.keys, now)
        due = send.due_visits(store, settings, office.keys, now, _scope(settings, options["unit"]))
        if options["visit_id"]:
            due = [one for one in due if one.visit.id == options["visit_id"]]
            if not due:
                raise CallError(
                    f'No visit "{options["visit_id"]}" is due now. List them with: revisit visits due --json'
                )
        _warn_of_address(settings)
        if options["dry_run"]:
            letters = send.letters_to_queue(store, due, now, channel, sample=options["sample"])
            _show(office, due, letters, anyway=options["anyway"])
        else:
            send.queue_letters(store, due, now, channel, sample=options["sample"])
            _send(office, anyway=options["anyway"], visit_id=options["visit_id"])
        _tell_of_sample(due, written=options["sample"])
        _list_unknown(store)


def _warn_of_address(settings: Settings) -> None:
    if any(mark in settings.public_url for mark in ("://127.", "://localhost", "://[::1]")):
        click.echo(
            f"Warning: links begin with {settings.public_url}, which only this machine can open. "
            "Set public_url in revisit.toml.",
            err=True,
        )


def _tell_of_sample(due: Sequence[send.DueVisit], *, written: bool) -> None:
    made_up = sum(one.visit.sample for one in due)
    if made_up and not written:
        click.echo(f"{count(made_up, 'due visit')} of the sample: made-up customers get no letters without --sample.")


def _show(office: Office, due: Sequence[send.DueVisit], letters: Sequence[Letter], *, anyway: bool) -> None:
    by_visit = {one.visit.id: one for one in due}
    shown: set[tuple[str, str]] = set()
    segments = 0
    for letter in letters:
        message = send.message_of(office, letter, by_visit[letter.visit_id])
        size = message.length
        note = f", segments: {size.segments} ({size.alphabet}, {size.places} places)" if letter.channel == "sms" else ""
        segments += size.segments if letter.channel == "sms" else 0
        click.echo(f"{letter.channel} to {masked(message.to)}, {letter.language}{note}")
        if (letter.channel, letter.language) not in shown:
            shown.add((letter.channel, letter.language))
            subject = f"Subject: {message.subject}\n\n" if message.subject else ""
            click.echo("".join(f"    | {line}\n" for line in (subject + message.text).splitlines()), nl=False)
    counts = Counter(letter.channel for letter in letters)
    unwritten = len(due) - len(letters)
    none = (
        f" {unwritten} of {count(len(due), 'due visit')} {'gets' if unwritten == 1 else 'get'} none: written to "
        "before, no address or no open link, or of the sample."
    )
    click.echo(
        f"Nothing was sent (dry run). Would send {count(counts['email'], 'e-mail')} and "
        f"{count(counts['sms'], 'text message')} ({count(segments, 'segment')}).{none if unwritten else ''}"
    )
    now = office.clock()
    asleep = sum(send.is_asleep(office.settings, by_visit[letter.visit_id].visit, now) for letter in letters)
    if asleep and not anyway:
        click.echo(
            f"Not now, though: {count(asleep, 'letter')} would wait for the opening hours, {HOURS} at the station "
            "(--now sends at once)."
        )


def _send(office: Office, *, anyway: bool, visit_id: str) -> None:
    waiting = office.store.count("letters", ("state",)).get(("queued",), 0)
    with progress("Sending", waiting) as bar:
        done = send.send_letters(office, anyway=anyway, visit_id=visit_id, progress=bar)
    filed = done.filed.total()
    if done.ends["sent"] > filed:
        click.echo(f"{done.ends['sent'] - filed} sent")
    if filed:
        click.echo(_filed(office.settings, done.filed))
    for end, words in WORDS.items():
        if done.ends[end]:
            click.echo(f"{done.ends[end]} {words}")
    for error, times in done.errors.most_common():
        click.echo(f"  {times} x {error}", err=True)
    if not done.ends:
        click.echo("No letter is waiting: everybody who is due was written to, or has no address.")


def _filed(settings: Settings, filed: Counter[Channel]) -> str:
    """Say how many letters lie in the outbox, and that somebody else has to hand them on."""
    steps = []
    if filed["sms"]:
        steps.append(f"hand the {count(filed['sms'], 'text message')} to your SMS service")
    if filed["email"]:
        steps.append(f"open the {count(filed['email'], 'e-mail')} in your mail program, or set up [mail]")
    folder = settings.workspace.data / "outbox"
    return f"{filed.total()} written to {folder} (Revisit sent nothing itself: {'; '.join(steps)})"


def _list_unknown(store: Store) -> None:
    for letter in store.letters(("unknown",)):
        number = store.order(store.visit(letter.visit_id).order_id).number
        click.echo(
            f"Unknown: the {letter.channel} for order {number}, {letter.changed_at:%Y-%m-%d %H:%M} UTC. {letter.error} "
            "It is not sent again; ask the customer, or send another from the desk.",
            err=True,
        )
