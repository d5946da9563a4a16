"""The documents name every command, option, setting and target, and name none that is not there."""

from __future__ import annotations

import importlib
import json
import re
import shlex

import click
import pytest

from data.schema import Listing
from tests.source import PACKAGES, ROOT, modules
from web.settings import describe

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.search(r"(?m)^\.PHONY: (.+)$", MAKEFILE)[1].split()


def commands(package: str) -> dict[str, click.Command]:
    """Return a package's commands, lazily loaded ones included, by what a person types."""
    if package == "benchmarks":  # each script, and each package's __main__, is one command
        own = [n for n in modules("benchmarks") if n.count(".") == 1 or n.endswith(".__main__")]
        return {
            f"python -m {name.removesuffix('.__main__')}": importlib.import_module(name).command
            for name in own
        }
    group = importlib.import_module(f"{package}.__main__").cli
    context = click.Context(group)
    names = group.list_commands(context)
    return {f"python -m {package} {name}": group.get_command(context, name) for name in names}


def written(document: str, start: str) -> list[list[str]]:
    """Return the words of every command line in the document's code that starts so."""
    code = re.findall(r"(?ms)^```\w*\n(.+?)^```", document)
    lines = [line for block in code for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.+?^```", "", document))
    return [shlex.split(line, comments=True) for line in lines if line.startswith(start)]


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks"])
def test_the_readme_has_a_row_for_every_command_with_all_its_options(package: str) -> None:
    for typed, command in commands(package).items():
        rows = [line for line in README.splitlines() if re.match(rf"\| `{typed}[ `]", line)]
        assert len(rows) == 1, f"README.md has {len(rows)} rows for `{typed}`"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                name = max(parameter.opts, key=len)
                assert re.search(rf"{name}\b", rows[0]), f"the row of `{typed}` lacks {name}"


def test_the_readme_names_every_setting_with_its_default() -> None:
    for name, text in describe():
        default = re.search(r"\(default (.+)\)$", text)[1]
        assert f"| `{name}` | `{default}` |" in README, f"README.md lacks {name}, {default}"
    assert "| `LISTINGS_DATA` |" in README


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    known = {name for name, _ in describe()}
    assert set(re.findall(r"SELVEDGE_[A-Z_]+", "".join(DOCUMENTS.values()))) <= known


def test_the_readme_names_every_target() -> None:
    for target in TARGETS:
        assert f"`make {target}`" in README, f"README.md lacks `make {target}`"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_written_exists(name: str) -> None:
    for words in written(DOCUMENTS[name], "make "):
        assert words[1] in TARGETS, f"{name}: {' '.join(words)}"


@pytest.mark.parametrize("package", [*PACKAGES, "benchmarks"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_written_exists_with_its_options(name: str, package: str) -> None:
    lines = [words for words in written(DOCUMENTS[name], f"python -m {package}") if words[3:]]
    known = commands(package) if lines else {}
    for words in lines:
        typed = " ".join(words[: 3 if package == "benchmarks" else 4])
        assert typed in known, f"{name}: `{typed}` is no command of ours"
        allowed = {opt for p in known[typed].params for opt in [*p.opts, *p.secondary_opts]}
        used = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}
        assert used <= allowed | {"--help"}, f"{name}: `{typed}` has no {used - allowed}"


def test_the_file_tree_names_every_package_and_only_what_exists() -> None:
    tree = re.search(r"(?ms)^```text\n(.+?)^```", README)[1]
    named, folder = set(), ""
    for line in tree.splitlines():
        indent, path = re.match(r"( *)(\S+)", line).groups()
        folder = folder if indent else path
        named.add(path if not indent else folder + path)
    missing = {path for path in named - {"var/"} if not (ROOT / path).exists()}
    assert not missing, f"README.md's tree names {sorted(missing)}"
    assert {f"{package}/" for package in [*PACKAGES, "tests"]} <= named


def test_the_example_listing_is_a_listing() -> None:
    example = re.search(r"(?ms)^```json\n(.+?)^```", README)[1]
    listing = Listing.from_json(json.loads(example))
    assert listing.fields["length"] == "half_sleeve"


def test_every_link_to_a_file_leads_somewhere() -> None:
    for name, document in DOCUMENTS.items():
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def test_continuous_integration_runs_the_documented_test_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "make test" in lines
    assert "\nmake test" in README
