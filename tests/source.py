"""What the tests about the source itself share: our modules, and what each of them imports."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("data", "vision", "text", "fusion", "training", "web")

# "training.vision:command" in a string is an import too: a lazy one, of LazyGroup or gunicorn.
_REFERENCE = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)+:\w+(\(\))?")


def modules(*packages: str) -> dict[str, Path]:
    """Return every module of the packages (of all where none is named) by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for package in packages or PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name != "__init__.py"
    }


def imports(path: Path) -> set[str]:
    """Return the dotted names a file imports anywhere: at its top, in functions, in strings.

    `from a import b` counts as `a` and `a.b`, as only the import itself could tell them apart.
    Relative imports are resolved against the file's package.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found.update([base, *(f"{base}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Constant) and _REFERENCE.fullmatch(str(node.value)):
            found.add(str(node.value).partition(":")[0])
    return found


def top(name: str) -> str:
    """Return the package a dotted name belongs to."""
    return name.partition(".")[0]


def reached(roots: set[str]) -> dict[str, set[str]]:
    """Return what each module imports, for the roots and every module of ours they lead to."""
    known, graph, waiting = modules(), {}, set(roots)
    while waiting:
        name = waiting.pop()
        graph[name] = imports(known[name])
        waiting |= {found for found in graph[name] if found in known and found not in graph}
    return graph
