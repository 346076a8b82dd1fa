"""What a flow needs to do its work."""

from dataclasses import dataclass

from revisit.settings import Clock, Keys, Settings
from revisit.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Office:
    """The records, the settings, the keys, the clock, and in whose name things are done."""

    store: Store
    settings: Settings
    keys: Keys
    clock: Clock
    by: str = "revisit"
