"""The keys of an installation: one for each use, in a file of their own that only its owner reads."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from revisit.records.problems import CallError
from revisit.settings.disk import read_text

KEYS_NAME = "keys.toml"
KEY_USES: tuple[str, ...] = ("links", "sessions", "stamps", "optout", "audit")


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with the id that records store beside what it signed."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an installation: for each use the current one first, then those that still verify."""

    held: dict[str, tuple[Key, ...]] = field(repr=False)

    def current(self, use: str) -> Key:
        """Give the key that signs."""
        return self.held[use][0]

    def all(self, use: str) -> tuple[Key, ...]:
        """Give every key that verifies, the current one first."""
        return self.held[use]

    def get(self, use: str, key_id: str) -> Key | None:
        """Find a key by its id; None once it was pruned."""
        return next((key for key in self.held[use] if key.id == key_id), None)


def new_keys() -> Keys:
    """Make one fresh key for each use."""
    return Keys({use: (Key(secrets.token_hex(4), secrets.token_bytes(32)),) for use in KEY_USES})


def keys_path(root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Give the file that holds the keys: beside the workspace's settings, or where ``REVISIT_KEYS_FILE`` says."""
    moved = environ.get("REVISIT_KEYS_FILE")
    return Path(moved) if moved else root / KEYS_NAME


def rotated(keys: Keys, use: str) -> Keys:
    """Give the keys with a fresh one for a use in front of those that go on verifying."""
    return Keys({**keys.held, use: (Key(secrets.token_hex(4), secrets.token_bytes(32)), *keys.held[use])})


def replace_keys(path: Path, keys: Keys) -> None:
    """Put new keys in place of a keys file, in one step: a crash leaves the old file or the new one."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    write_keys(aside, keys)
    aside.replace(path)


def write_keys(path: Path, keys: Keys) -> None:
    """Write a new keys file, readable by its owner alone; an existing one is never overwritten."""
    lines = [
        "# The keys of this installation. Keep a copy apart from the data; without them no link can be shown again.",
        "",
    ]
    for use, held in keys.held.items():
        lines.append(f"[{use}]")
        lines += [f'"{key.id}" = "{key.secret.hex()}"' for key in held]
        lines.append("")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())


def load_keys(root: Path, environ: Mapping[str, str] = os.environ) -> Keys:
    """Read the keys. Raises CallError where they are missing, short, or readable by others."""
    path = keys_path(root, environ)
    try:
        table = tomllib.loads(read_text(path))
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise CallError(
            f'The keys file "{path}" is missing. Put its copy back; for a new installation run: revisit init .'
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallError(f'The keys file "{path}" cannot be read ({error}). Put its copy back.') from None
    if mode & 0o077:
        raise CallError(f'The keys file "{path}" can be read by others. Run: chmod 600 {path}')
    held: dict[str, tuple[Key, ...]] = {}
    for use in KEY_USES:
        try:
            held[use] = tuple(Key(key_id, bytes.fromhex(secret)) for key_id, secret in table[use].items())
        except (KeyError, ValueError, AttributeError, TypeError):
            raise CallError(f'The keys file "{path}" has no usable [{use}]. Put its copy back.') from None
        if not held[use] or any(len(key.secret) < 32 for key in held[use]):
            raise CallError(f'The keys file "{path}" has an empty or short key under [{use}]. Put its copy back.')
    return Keys(held)
