"""The build hook: compiles the catalogues, so that a wheel holds the words of all languages."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before each build; an isolated one has nothing installed but hatchling and Babel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # the signature is hatchling's
        """Make the ``.mo`` files by the project's own function, loaded without the package around it."""
        path = Path(self.root) / "revisit" / "texts" / "catalogues.py"
        spec = importlib.util.spec_from_file_location("catalogues", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        catalogues = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(catalogues)
        catalogues.compile_catalogues()
