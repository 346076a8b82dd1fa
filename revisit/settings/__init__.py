"""A workspace and its settings: ``revisit.toml``, the environment, the keys, the clock and where defaults lie."""

from revisit.settings.keys import (
    KEY_USES,
    KEYS_NAME,
    Key,
    Keys,
    keys_path,
    load_keys,
    new_keys,
    replace_keys,
    rotated,
    write_keys,
)
from revisit.settings.reader import KNOWN, load
from revisit.settings.units import append_units
from revisit.settings.values import Mail, OrdersMapping, Settings
from revisit.settings.workspace import FILE_NAME, UNITS_NAME, Clock, Workspace, clock, defaults

__all__ = [
    "FILE_NAME",
    "KEYS_NAME",
    "KEY_USES",
    "KNOWN",
    "UNITS_NAME",
    "Clock",
    "Key",
    "Keys",
    "Mail",
    "OrdersMapping",
    "Settings",
    "Workspace",
    "append_units",
    "clock",
    "defaults",
    "keys_path",
    "load",
    "load_keys",
    "new_keys",
    "replace_keys",
    "rotated",
    "write_keys",
]
