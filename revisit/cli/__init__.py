"""The door for a terminal: ``revisit COMMAND``. Each module here holds the commands of one room."""

import difflib
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from revisit import __version__
from revisit.records.problems import RevisitError

# Which module holds a command. Modules are imported when their command is called, so that `revisit check` does not wait
# for the statistics.
COMMANDS: dict[str, str] = {
    "init": "workspace",
    "check": "forms",
    "build": "forms",
    "translate": "forms",
    "render": "render",
    "preview": "preview",
    "serve": "serve",
    "webserver": "webserver",
    "demo": "demo",
    "orders": "orders",
    "visits": "visits",
    "responses": "responses",
    "findings": "findings",
    "report": "report",
    "verify": "verify",
    "tick": "tick",
    "export": "export",
    "users": "users",
    "links": "links",
    "posters": "links",
    "keys": "links",
    "doctor": "workspace",
    "store": "store",
    "backup": "store",
    "restore": "store",
}


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
