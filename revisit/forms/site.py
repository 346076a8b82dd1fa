"""The site: every form as a static page, built aside and swapped in whole; and how the collector reads it.

``build/site`` is a symbolic link to ``build/.sites/<build>``. Replacing a link is one rename, which POSIX makes atomic
on every file system, so a visitor meets the old site or the new one and never a mixture or a gap; exchanging two
folders (renameat2) would do the same on Linux alone and not on every file system. The link is relative, so a workspace
may be moved. The build before the current one is left for those who are reading it at that moment.

A page is drawn only if anything it is made of has changed since the last build: its survey, the templates, the words,
the brand, the code. The others are the last build's very files under a second name (hard links).
"""

import base64
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from filelock import FileLock

from revisit.forms.combinations import combinations
from revisit.forms.files import sync_all, write_new
from revisit.forms.library import Library
from revisit.forms.page import draw
from revisit.forms.shares import each
from revisit.forms.theme import logo
from revisit.records.languages import own_name
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults
from revisit.store.codec import dump
from revisit.texts import FOLDER

MANIFEST = "site.json"
BUILT = "index.html"
BUILDS = ".sites"
KEPT_BUILDS = 2

Progress = Callable[[int, int], None]

_STYLE = re.compile(rb"<style[^>]*>([^<]*(?:<(?!/style>)[^<]*)*)</style>")
_SCRIPT = re.compile(rb"<script[^>]*>([^<]*(?:<(?!/script>)[^<]*)*)</script>")


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


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the pages of the site, and how many of them were drawn anew."""

    pages: int
    drawn: int


def build_site(settings: Settings, library: Library, progress: Progress | None = None) -> Built:
    """Make the page of every survey, language and set of facts, and swap the site in. If nothing changed it stays.

    ``progress`` is called with the pages done and the pages to do. Whatever goes wrong, the old site stays as it is.
    """
    target = settings.workspace.site
    builds = target.parent / BUILDS
    builds.mkdir(parents=True, exist_ok=True)
    with FileLock(builds / ".lock"):
        settings.workspace.compiled.mkdir(exist_ok=True)
        before = _manifest(target)
        made = builds / secrets.token_hex(8)
        try:
            made.mkdir()
            built = _Press(settings, target.resolve(), before, made).make(list(_jobs(settings, library)), progress)
            if built.drawn == 0 and not (made / MANIFEST).exists():
                made.rmdir()
                return built
            _swap(target, made)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        _prune(builds, target)
    return built


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    """Read what the last build made; nothing where there is none or it cannot be read."""
    try:
        pages = orjson.loads((folder / MANIFEST).read_bytes())["pages"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return {}
    return pages if isinstance(pages, dict) else {}


@dataclass(frozen=True, slots=True)
class _Job:
    """One page to make: its survey, its facts, its languages, its path and the hash of all that it is made of."""

    survey: Survey
    facts: Mapping[str, str]
    languages: Sequence[tuple[str, str]]
    path: str
    made: str


@dataclass(slots=True)
class _Press:
    """Makes the pages of one build in a new folder, out of the last build's where nothing changed."""

    settings: Settings
    last: Path
    before: Mapping[str, Mapping[str, str]]
    folder: Path

    def make(self, jobs: Sequence[_Job], progress: Progress | None) -> Built:
        kept = {job.path for job in jobs if self.is_kept(job)}
        if len(kept) == len(jobs) == len(self.before) and (self.last / MANIFEST).is_file():
            return Built(len(jobs), 0)
        anew = [job for job in jobs if job.path not in kept or not self.keep(job)]
        done = len(jobs) - len(anew)
        manifest = {job.path: dict(self.before[job.path]) for job in jobs if job.path in kept}
        for job, entry in zip(anew, each(self.write, anew), strict=True):
            manifest[job.path] = entry
            done += 1
            if progress is not None:
                progress(done, len(jobs))
        content = orjson.dumps({"pages": manifest}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        write_new(self.folder / MANIFEST, content)
        folders = [Path(root) for root, _folders, _files in os.walk(self.folder)]
        sync_all([*(self.folder / job.path for job in anew), self.folder / MANIFEST, *folders])
        return Built(len(jobs), len(anew))

    def is_kept(self, job: _Job) -> bool:
        """Say whether the last build made the page of the same things, and it is still what it was."""
        entry = self.before.get(job.path)
        if entry is None or entry.get("made") != job.made:
            return False
        try:
            return _etag((self.last / job.path).read_bytes()) == entry["etag"]
        except OSError:
            return False

    def keep(self, job: _Job) -> bool:
        """Take a page over from the last build."""
        try:
            os.link(self.last / job.path, self.place(job))
        except OSError:
            return False  # this file system knows no second names
        return True

    def place(self, job: _Job) -> Path:
        """Make the folder of a page; gives where the page goes."""
        path = self.folder / job.path
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, job: _Job) -> dict[str, str]:
        """Draw a page; gives its entry in the manifest."""
        content = draw(self.settings, job.survey, job.facts, None, languages=job.languages)
        write_new(self.place(job), content)
        return {
            "etag": _etag(content),
            "csp": csp_of(content),
            "form_hash": job.survey.form_hash,
            "text_hash": job.survey.text_hash,
            "made": job.made,
        }


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _stamp(settings: Settings) -> str:
    """Hash what every page is made of besides its survey: templates, words, code, brand."""
    workspace = settings.workspace.templates / "form"
    folders = [defaults() / "site_templates" / "form", workspace, Path(__file__).parent]
    files = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()]
    files += sorted(FOLDER.glob("*/LC_MESSAGES/form.mo"))
    digest = hashlib.sha256(
        orjson.dumps([str(settings.workspace.root), settings.brand, logo(settings), settings.default_language])
    )
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _jobs(settings: Settings, library: Library) -> Iterator[_Job]:
    stamp = _stamp(settings)
    for name, held in library.surveys.items():
        languages = [(code, own_name(code)) for code in library.languages(name)]
        for survey in (held[code] for code, _name in languages):
            plain = dump(survey)
            for short, facts in combinations(survey).items():
                inputs = orjson.dumps([stamp, plain, facts, languages], option=orjson.OPT_SORT_KEYS)
                path = page_path(name, survey.language, short) + BUILT
                yield _Job(survey, facts, languages, path, hashlib.sha256(inputs).hexdigest())


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
    sync_all([target.parent])


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

    def faults(self) -> list[str]:
        """Say what is wrong with the site in plain sentences; empty when every page can be read."""
        try:
            self._follow()
        except NoSiteError as error:
            return [str(error)]
        missing = [name for name in self.pages if not (self.root / name).is_file()]
        return [f"The built site lacks {len(missing)} pages. Run: revisit build"] if missing else []

    def has(self, survey: str) -> bool:
        """Say whether a survey is asked on this site, in any language."""
        self._follow()
        return any(name.startswith(f"s/{survey}/") for name in self.pages)

    def page(self, path: str) -> Page | None:
        """Find a page by its path, with or without ``index.html``; only what the manifest names is ever read."""
        self._follow()
        name = path.strip("/")
        name = name if name.endswith(BUILT) else f"{name}/{BUILT}"
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
