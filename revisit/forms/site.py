"""The site: every form as a static page, built aside and swapped in whole; and how the collector reads it.

``build/site`` is a symbolic link to ``build/.sites/<build>``. Replacing a link is one rename, which POSIX makes atomic
on every file system, so a visitor meets the old site or the new one and never a mixture or a gap; exchanging two
folders (renameat2) would do the same on Linux alone and not on every file system. The link is relative, so a workspace
may be moved. The build before the current one is left for those who are reading it at that moment.
"""

import base64
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock

from revisit.forms.combinations import combinations
from revisit.forms.files import sync_folder, write_file
from revisit.forms.library import Library
from revisit.forms.page import LANGUAGE_NAMES, draw
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey
from revisit.settings import Settings

MANIFEST = "site.json"
BUILDS = ".sites"
KEPT_BUILDS = 2

Progress = Callable[[int, int], None]

_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(rb"<script[^>]*>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is sent: its bytes, its ETag (with quotes) and its Content-Security-Policy."""

    content: bytes
    etag: str
    csp: str


class NoSiteError(RevisitError):
    """There is no built site, or it is damaged."""

    status = 503


def csp_of(content: bytes) -> str:
    """Give the Content-Security-Policy of a page: its own inline style, its own script if it has one, nothing else."""
    styles = " ".join(_hash(style) for style in _STYLE.findall(content)) or "'none'"
    scripts = " ".join(_hash(script) for script in _SCRIPT.findall(content)) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


def page_path(survey: str, language: str, combination: str = "") -> str:
    """Give a page's path below the site's folder and below the server's root, with a slash at its end."""
    return f"s/{survey}/{language}/{combination}/" if combination else f"s/{survey}/{language}/"


def build_site(settings: Settings, library: Library, progress: Progress | None = None) -> int:
    """Draw every page of every survey and swap the site in; gives the number of pages.

    ``progress`` is called with the pages done and the pages to do. Whatever goes wrong, the old site stays as it is.
    """
    target = settings.workspace.site
    builds = target.parent / BUILDS
    builds.mkdir(parents=True, exist_ok=True)
    with FileLock(builds / ".lock"):
        made = builds / secrets.token_hex(8)
        try:
            made.mkdir()
            pages = _write(settings, library, made, progress)
            _swap(target, made)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        _prune(builds, target)
    return pages


def _write(settings: Settings, library: Library, folder: Path, progress: Progress | None) -> int:
    jobs = list(_jobs(library))
    manifest: dict[str, Any] = {}
    for done, (survey, name, facts) in enumerate(jobs, 1):
        path = page_path(survey.name, survey.language, name) + "index.html"
        languages = [(code, LANGUAGE_NAMES[code]) for code in library.languages(survey.name)]
        content = draw(settings, survey, facts, None, languages=languages)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / path, content)
        manifest[path] = {
            "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
            "csp": csp_of(content),
            "form_hash": survey.form_hash,
            "text_hash": survey.text_hash,
        }
        if progress is not None:
            progress(done, len(jobs))
    write_file(folder / MANIFEST, orjson.dumps({"pages": manifest}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    for each, _folders, _files in os.walk(folder):
        sync_folder(Path(each))
    return len(jobs)


def _jobs(library: Library) -> Iterator[tuple[Survey, str, dict[str, str]]]:
    for name in library.names:
        for language in library.languages(name):
            survey = library.survey(name, language)
            if survey is not None:
                for short, facts in combinations(survey).items():
                    yield survey, short, facts


def _swap(target: Path, made: Path) -> None:
    """Point the site's link to the new build; a plain folder in its place (a copied workspace) moves to the builds."""
    link = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    link.symlink_to(made.relative_to(target.parent), target_is_directory=True)
    try:
        if target.is_dir() and not target.is_symlink():
            target.rename(made.with_name(f"{made.name}-before"))
        link.replace(target)
    finally:
        link.unlink(missing_ok=True)
    sync_folder(target.parent)


def _prune(builds: Path, target: Path) -> None:
    """Remove all builds but the current one and the one before it."""
    current = target.resolve()
    others = [path for path in builds.iterdir() if path.is_dir() and path.resolve() != current]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[KEPT_BUILDS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


@dataclass(slots=True)
class Site:
    """The built site as the collector reads it: pages by path, read once and kept until a new build was swapped in."""

    folder: Path
    root: Path
    pages: dict[str, dict[str, str]]
    held: dict[str, Page] = field(default_factory=dict)
    link: str = ""

    @classmethod
    def open(cls, folder: Path) -> "Site":
        """Open ``build/site``. Raises NoSiteError where there is none."""
        site = cls(folder, folder, {})
        site.reload()
        return site

    def reload(self) -> None:
        """Read the manifest of the build that the site's link leads to now."""
        root = self.folder.resolve()
        try:
            pages = orjson.loads((root / MANIFEST).read_bytes())["pages"]
        except FileNotFoundError:
            raise NoSiteError(f'There is no built site in "{self.folder}". Run: revisit build') from None
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise NoSiteError(f'The built site in "{self.folder}" is damaged. Run: revisit build') from None
        self.root, self.pages, self.held, self.link = root, pages, {}, _target(self.folder)

    def has(self, survey: str) -> bool:
        """Say whether a survey is asked on this site, in any language."""
        self._follow()
        return any(name.startswith(f"s/{survey}/") for name in self.pages)

    def page(self, path: str) -> Page | None:
        """Find a page by its path, with or without ``index.html``; only what the manifest names is ever read."""
        self._follow()
        name = path.strip("/")
        name = name if name.endswith("index.html") else f"{name}/index.html"
        entry = self.pages.get(name)
        if entry is None:
            return None
        if name not in self.held:
            try:
                content = (self.root / name).read_bytes()
            except FileNotFoundError:
                raise NoSiteError(f'The built site lacks "{name}". Run: revisit build') from None
            self.held[name] = Page(content, entry["etag"], entry["csp"])
        return self.held[name]

    def _follow(self) -> None:
        """Read the manifest anew once another build was swapped in."""
        if _target(self.folder) != self.link:
            self.reload()


def _target(link: Path) -> str:
    """Give where a link leads; nothing where it is none."""
    try:
        return str(link.readlink())
    except OSError:
        return ""
