"""The settings of the web app: one table of name, default, range and help, read once at start."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import SelvedgeError

PREFIX = "SELVEDGE_"
_VAR = Path("var")


class SettingError(SelvedgeError):
    """A setting with a value it cannot have, or a setting that does not exist."""

    code = "setting"


def _setting(default: Any, text: str, *, low: int | None = None, high: int | None = None) -> Any:
    return dataclasses.field(default=default, metadata={"help": text, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Settings:
    """The table itself: each field is the environment variable `SELVEDGE_<NAME>`."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on; 0 picks a free one", low=0, high=65535)
    workers: int = _setting(1, "processes that answer requests", low=1, high=64)
    threads: int = _setting(16, "requests one process answers at once", low=1, high=64)
    var: Path = dataclasses.field(
        default=_VAR, metadata={"help": "folder for uploaded photos and other generated things"}
    )
    keep_minutes: int = _setting(30, "minutes an uploaded photo is kept", low=1, high=1440)
    request_mb: int = _setting(
        170, "largest request in MB; 8 photos of 20 MB fit in the default", low=1, high=2000
    )
    review_below: int = _setting(
        0,
        "percent: a listing less likely all right than this is for a person to look at; "
        "0 takes the artifact's own threshold",
        low=0,
        high=100,
    )

    @classmethod
    def read(cls, environment: Mapping[str, str], **given: str | int | None) -> Settings:
        """Read `SELVEDGE_*` variables; `given` (a command line's options) wins where not None.

        Raises SettingError with the value received and the values allowed.
        """
        names = {PREFIX + field.name.upper(): field for field in dataclasses.fields(cls)}
        unknown = [name for name in environment if name.startswith(PREFIX) and name not in names]
        if unknown:
            raise SettingError(
                f"{', '.join(sorted(unknown))} is not a setting; allowed: {', '.join(names)}."
            )
        raw = {name: environment.get(name, "").strip() for name in names}
        raw |= {PREFIX + name.upper(): str(v) for name, v in given.items() if v is not None}
        return cls(**{names[name].name: _parse(name, names[name], raw[name]) for name in names})


def describe() -> list[tuple[str, str]]:
    """Return every setting as (environment variable, help with its default), in table order."""
    return [
        (PREFIX + field.name.upper(), f"{field.metadata['help']} (default {field.default})")
        for field in dataclasses.fields(Settings)
    ]


def _parse(name: str, field: dataclasses.Field[Any], word: str) -> Any:
    """Turn one word into the type of the setting's default; an empty word is the default."""
    default: Any = field.default
    if not word:
        return default
    if not isinstance(default, int):
        return type(default)(word)
    low, high = field.metadata["low"], field.metadata["high"]
    # isascii keeps out digits of other scripts, which int() would take
    if not (word.isascii() and word.isdigit() and len(word) < 10 and low <= int(word) <= high):
        raise SettingError(f'{name} is "{word[:60]}"; allowed: a whole number {low} to {high}.')
    return int(word)
