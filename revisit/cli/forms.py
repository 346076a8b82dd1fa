"""Commands on surveys: check what was written, build the site."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path

import click

from revisit import settings as house
from revisit.cli.progress import progress
from revisit.cli.tongue import Tongue
from revisit.flows.publishing.publish import check as check_surveys
from revisit.flows.publishing.publish import edits, publish
from revisit.forms.estimate import estimate, in_words
from revisit.forms.files import replace_file
from revisit.forms.library import Library
from revisit.forms.nearest import guess
from revisit.forms.reader import read_survey, split_name
from revisit.forms.skeleton import skeleton
from revisit.forms.theme import check_theme
from revisit.records.problems import CallError, ContentError, Problem
from revisit.records.responses import Response
from revisit.store import open_store


@click.command()
@click.argument("files", nargs=-1, metavar="[FILES]")
@click.option(
    "--format", "shape", type=click.Choice(["text", "json", "github"]), default="text", help="How problems are printed."
)
@click.option(
    "--against",
    "data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A workspace's data folder: says what each change does to the answers in it.",
)
@click.pass_obj
def check(root: Path, files: tuple[str, ...], shape: str, data: Path | None) -> None:
    """Check the surveys: every fault of every file, with its place and its cure.

    FILES limits what is printed, for example surveys/repair.md or just repair. Exit code 1 if anything is wrong.
    With --against data each change since the last build is told as well: what loses answers is an error, what breaks
    the trend a warning, what is safe a note.
    """
    settings = house.load(root)
    library, problems = check_surveys(settings)
    if data is not None:
        problems += _edits(house.Workspace(data.resolve().parent), data, library)
    try:
        problems = [*check_theme(settings), *problems]
    except ContentError as error:
        problems = [*error.problems, *problems]
    if files:
        wanted = _wanted(settings.workspace.surveys, files)
        problems = [problem for problem in problems if problem.path in wanted]
    else:
        wanted = {f"surveys/{name}" for name in _names(settings.workspace.surveys)}
    if shape == "json":
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
    elif shape == "github":
        for problem in problems:
            click.echo(as_annotation(problem))
    else:
        _print(problems, library, wanted)
    if any(problem.severity == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def as_annotation(problem: Problem) -> str:
    """Write a problem as a workflow command, which GitHub shows at its line.

    The escapes are those of GitHub's own toolkit (``@actions/core``, command.ts).
    """
    level = {"error": "error", "warning": "warning"}.get(problem.severity, "notice")
    place = {"file": problem.path, "line": problem.line or 1, "col": problem.column or 1, "title": problem.code}
    shown = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in place.items())
    return f"::{level} {shown}::{_escaped(f'{problem.what}. {problem.cure}')}"


def _escaped(text: str, more: str = "") -> str:
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _edits(workspace: house.Workspace, data: Path, library: Library) -> list[Problem]:
    if data.resolve() != workspace.data.resolve():
        raise CallError(f'"{data}" is no data folder of a workspace. Name the folder "data" in it.')
    with closing(open_store(workspace)) as store:
        return edits(workspace, library, store.responses)


def _print(problems: Sequence[Problem], library: Library, wanted: set[str]) -> None:
    for problem in problems:
        click.echo(str(problem))
    for name in library.names:
        survey = library.survey(name, "")
        if survey is not None and f"surveys/{name}.md" in wanted:
            languages = ", ".join(library.languages(name))
            size = sum(question.kind != "statement" for question in survey.questions)
            length = in_words(estimate(survey))
            click.echo(f"surveys/{name}.md: {size} questions, about {length} to answer, in {languages}")
    wrong = {problem.path for problem in problems if problem.severity == "error"}
    for path in sorted(wanted - wrong):
        said = _said_of_translation(library, path.removeprefix("surveys/"), wanted)
        if said:
            click.echo(f"{path}: {said}")


def _said_of_translation(library: Library, file_name: str, wanted: set[str]) -> str:
    """Say what a translation without faults was compared with; "" where its source, checked beside it, says all."""
    name, language = split_name(file_name) or ("", "")
    source = f"surveys/{name}.md"
    if not language or source in wanted:
        return ""
    survey = library.surveys.get(name, {}).get(language)
    if survey is None:
        return f"not compared, {source} has faults. Mend these first: revisit check {name}"
    size = sum(question.kind != "statement" for question in survey.questions)
    return f"asks the same {size} questions as {source}, in {language}"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.md"))


def _guess(typed: str, names: list[str]) -> str:
    """Guess a file where one was typed, else a survey by its name."""
    return guess(typed, names if typed.endswith(".md") else dict.fromkeys(each.partition(".")[0] for each in names))


def _wanted(folder: Path, files: tuple[str, ...]) -> set[str]:
    """Give the files meant by what was typed: a path, a file name, or a survey's name with all its languages."""
    names = _names(folder)
    found: set[str] = set()
    for typed in files:
        name = Path(typed).name
        meant = [each for each in names if each == name or each.partition(".")[0] == name]
        if not meant:
            raise CallError(f'There is no survey "{typed}". {_guess(name, names)}')
        found.update(f"surveys/{each}" for each in meant)
    return found


@click.command()
@click.argument("file")
@click.option("--to", "language", required=True, type=Tongue(any_language=True), help="The language to translate into.")
@click.pass_obj
def translate(root: Path, file: str, language: str) -> None:
    """Write the skeleton of a translation: ids, kinds and codes in place, TODO before every line of words.

    FILE is the source, for example surveys/repair.md or just repair. A file that is there already is left alone.
    """
    settings = house.load(root)
    name = Path(file).name.removesuffix(".md")
    folder = settings.workspace.surveys
    if f"{name}.md" not in _names(folder) or "." in name:
        raise CallError(f'There is no source file "{file}". {_guess(name, _names(folder))}')
    source, problems = read_survey(folder / f"{name}.md", f"surveys/{name}.md", settings.timezone)
    if source is None:
        raise ContentError([problem for problem in problems if problem.severity == "error"])
    if language == source.language:
        raise CallError(f'"surveys/{name}.md" is written in {language} already. Choose another language.')
    target = folder / f"{name}.{language}.md"
    if target.exists():
        raise CallError(f'"surveys/{target.name}" is there already. revisit check tells what it lacks.')
    replace_file(target, skeleton((folder / f"{name}.md").read_text(encoding="utf-8"), language, source).encode())
    click.echo(f"Wrote surveys/{target.name}. Put words in place of each line with TODO, then: revisit check {name}")


@click.command()
@click.option("--allow-data-loss", is_flag=True, help="Publish even what leaves stored answers behind.")
@click.pass_obj
def build(root: Path, *, allow_data_loss: bool) -> None:
    """Build the site: one static page for every survey, language and set of order facts.

    Nothing is changed if a survey has a fault; the old site stays until the new one is whole. A change that leaves
    stored answers behind is a fault: revisit check --against data tells which.
    """
    settings = house.load(root)
    with ExitStack() as open_bars:
        bars: list[Callable[[int], None]] = []

        def show(_done: int, total: int) -> None:
            if not bars:
                bars.append(open_bars.enter_context(progress("Building", total)))
            bars[0](1)

        def responses(name: str) -> Iterator[Response]:
            with closing(open_store(settings.workspace)) as store:
                yield from store.responses(name)

        published = publish(settings, show, responses=responses, allow_data_loss=allow_data_loss)
    for problem in published.warnings:
        click.echo(str(problem), err=True)
    size = f"{published.pages} pages of {len(published.library.names)} surveys in {settings.workspace.site}"
    click.echo(
        f"Built {size}" if published.drawn == published.pages else f"Built {size}, {published.drawn} of them anew"
    )
