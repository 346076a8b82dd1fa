"""The wheel's build hook: compiles the catalogues and takes the default surveys and templates along."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DEFAULTS = ("surveys", "site_templates", "examples/surveys")


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before each build; an isolated one has nothing installed but hatchling and Babel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the ``.mo`` files; name the folders to take along, unless the checkout is installed as it lies."""
        self._compile_catalogues()
        if version != "editable":
            build_data["force_include"] |= {
                str(Path(self.root) / name): f"revisit/defaults/{name}" for name in DEFAULTS
            }

    def _compile_catalogues(self) -> None:
        """Call the project's own function, loaded without the package around it."""
        path = Path(self.root) / "revisit" / "texts" / "catalogues.py"
        spec = importlib.util.spec_from_file_location("catalogues", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        catalogues = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(catalogues)
        catalogues.compile_catalogues()
