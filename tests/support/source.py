"""The portal's own source, parsed once: what the architecture tests read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the portal."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder below portal/; empty for the files that stand in portal/ itself."""
        parts = self.path.relative_to(PORTAL).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def where(self) -> str:
        """The path as people write it: `portal/bookings/service.py`."""
        return str(self.path.relative_to(ROOT))

    def functions(self) -> Iterator[FunctionNode]:
        """Every function and method of the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))

    def strings(self) -> Iterator[tuple[int, str]]:
        """Every string constant with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value

    def calls(self) -> Iterator[tuple[int, str]]:
        """Every call with its line, written as in the source: `datetime.now`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node.lineno, ast.unparse(node.func)

    def imports(self, *, for_types: bool = True) -> Iterator[tuple[int, str]]:
        """Every imported name with its line, as `package.module` or `package.module.name`.

        Without `for_types`, what stands under `if TYPE_CHECKING:` is left out: it is not imported when running.
        """
        unused = set() if for_types else set(_for_types_only(self.tree))
        for node in ast.walk(self.tree):
            if node in unused:
                continue
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the portal."""
    found = tuple(_read(path) for path in sorted(PORTAL.rglob("*.py")))
    assert len(found) > 20, "The portal's source was not found: the architecture tests would prove nothing."
    return found


@cache
def templates() -> dict[str, str]:
    """Every template's text by the name under which it is rendered."""
    found = {str(path.relative_to(TEMPLATES)): path.read_text() for path in sorted(TEMPLATES.rglob("*.*"))}
    assert found, "No templates were found: the architecture tests would prove nothing."
    return found


def _for_types_only(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from (part for statement in node.body for part in ast.walk(statement))


def _read(path: Path) -> Module:
    text = path.read_text()
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, path, text, ast.parse(text))
