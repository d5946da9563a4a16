"""The report of a crawl: pages, items, photos, errors by kind, fields found, speed and memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from data.crawl_frontier import OK, Frontier
from data.crawl_items import ITEMS, read_items, timestamp
from data.report import Report, downwards

_FIELDS = ("product_id", "brand", "description", "category", "colors", "price", "gender", "images")
_MOST_LABELS = 30


def crawl_report(out: Path, frontier: Frontier) -> Report:
    """Return the report of the folder's last run, over all its starts."""
    starts = frontier.starts()
    endings, photos = frontier.endings(), frontier.photo_endings()
    fields: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    count = kept = written = 0
    since = timestamp(frontier.run)
    for item in read_items(out / ITEMS):
        count += 1
        kept += len(item["images"])
        written += item["collected_at"] >= since
        fields.update(name for name in _FIELDS if item[name])
        labels.update(list(item["attributes"]))
    counts = {"items": count, "items new or changed": written, "photos of items": kept}
    return {
        "Counts": downwards(_counts(starts, endings, photos) | counts),
        "Pages by ending": _table("ending", endings),
        "Photos by ending": _table("ending", photos),
        "Noted": _table("what", frontier.notes()),
        "Fields found, of the items": _shares("field", fields, count),
        "Attributes found, of the items": _shares("label", labels, count),
        "Starts": _starts(starts),
    }


def _counts(
    starts: list[dict[str, Any]], endings: dict[str, int], photos: dict[str, int]
) -> dict[str, Any]:
    return {
        "starts": len(starts),
        "pages": sum(endings.values()),
        "pages read": endings.get(OK, 0),
        "pages not read": sum(endings.values()) - endings.get(OK, 0) - endings.get("redirect", 0),
        "photo addresses": sum(photos.values()),
        "photos not read": sum(photos.values()) - photos.get(OK, 0),
    }


def _table(name: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{name: what, "count": count} for what, count in counts.items()]


def _shares(name: str, found: Counter[str], of: int) -> list[dict[str, Any]]:
    return [
        {name: what, "items": count, "share": round(count / of, 3)}
        for what, count in found.most_common(_MOST_LABELS)
    ]


def _starts(starts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what each start measured, one column a start."""
    columns = {f"start {number}": _start(samples) for number, samples in enumerate(starts, 1)}
    return [
        {"what": what} | {name: column[what] for name, column in columns.items()}
        for what in _start({})
    ]


def _start(samples: dict[str, Any]) -> dict[str, Any]:
    seconds = samples.get("seconds", 0)
    responses = samples.get("responses", 0)
    memory = [mb for _, mb in samples.get("memory", [])]
    later = memory[len(memory) // 4 :]  # the first quarter fills caches and imports
    return {
        "seconds": seconds,
        "seconds of the processor": samples.get("processor", 0),
        "responses": responses,
        "responses/s": round(responses / seconds, 1) if seconds else 0,
        "MB received": round(samples.get("bytes", 0) / 1e6, 1),
        "not modified": samples.get("revalidated", 0),
        "retries": samples.get("retries", 0),
        "held by Retry-After, s": samples.get("held by Retry-After, s", 0),
        "share of time lost to politeness": round(samples.get("polite", 0), 3),
        "memory at a quarter, MB": later[0] if later else None,
        "memory at the end, MB": later[-1] if later else None,
        "memory most, MB": max(memory, default=None),
    }
