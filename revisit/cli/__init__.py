"""The door for a terminal: ``revisit COMMAND``. Each module here holds the commands of one room."""

import difflib
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from revisit import __version__
from revisit.records.problems import RevisitError
from revisit.settings.disk import telling

# Which module holds a command, and what its line in --help says. Modules are imported when their command is called, so
# that `revisit check` and `revisit --help` do not wait for the statistics.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Workspace": {
        "init": ("workspace", "Make a workspace: settings, keys, surveys and folders."),
        "doctor": ("workspace", "Say what this installation lacks, each with its cure."),
        "demo": ("demo", "Show everything at work, on made-up orders."),
    },
    "Surveys": {
        "surveys": ("surveys", "Take a survey that ships with Revisit to begin from."),
        "check": ("forms", "Find every fault in the surveys."),
        "preview": ("preview", "Show surveys in the browser while they are written."),
        "translate": ("forms", "Write the skeleton of a translation."),
        "build": ("forms", "Build the forms."),
        "render": ("render", "Write a survey as call script, paper form or outline."),
    },
    "Orders and visits": {
        "orders": ("orders", "Bring in repair orders; list imports; take one back."),
        "visits": ("visits", "Plan visits, list what is due, write to customers."),
        "links": ("links", "Close a customer's link."),
        "posters": ("links", "Make and list public QR codes."),
    },
    "Answers and reports": {
        "responses": ("responses", "Bring in what another tool gathered."),
        "findings": ("findings", "Show what the answers say, each figure with its interval."),
        "report": ("report", "Make reports as PDF."),
        "verify": ("verify", "Say whether a report still agrees with the records."),
        "export": ("export", "Write responses, orders, visits or findings to a file."),
    },
    "Running it": {
        "serve": ("serve", "Serve forms, links and the desk."),
        "webserver": ("webserver", "Write the settings of a web server in front."),
        "tick": ("tick", "Do what is due by the clock; for a timer."),
        "users": ("users", "Say who may sign in to the desk."),
        "keys": ("links", "Make a new key."),
        "store": ("store", "Move, upgrade or mend the records."),
        "backup": ("store", "Write everything as of this moment to a file."),
        "restore": ("store", "Make a workspace from a backup."),
    },
}
COMMANDS: dict[str, str] = {name: module for group in GROUPS.values() for name, (module, _line) in group.items()}


class Commands(click.Group):
    """The commands, loaded one at a time; a person's error is a sentence on stderr and never a traceback."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Give the names for ``--help``."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the module that holds a command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"revisit.cli.{COMMANDS[name]}")
        command = getattr(module, name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list for ``--help``, by what people come for."""
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_module, line) in group.items()])

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called, or suggest the one that was meant."""
        near = difflib.get_close_matches(args[0], COMMANDS, 1) if args and args[0] not in COMMANDS else []
        if near:
            context.fail(f'There is no command "{args[0]}". Did you mean: revisit {near[0]}')
        return super().resolve_command(context, args)

    def invoke(self, context: click.Context) -> Any:
        """Run a command and turn the domain's errors into a message and an exit code."""
        try:
            with telling():
                return super().invoke(context)
        except RevisitError as error:
            click.echo(str(error), err=True)
            context.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="revisit")
@click.option(
    "-C",
    "--workspace",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="REVISIT_WORKSPACE",
    help="The workspace's folder (default: here).",
)
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """After-sales surveys and return visits: Markdown in, PDF findings out."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    context.obj = root
