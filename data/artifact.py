"""An artifact folder: model files beside a `manifest.json` that explains and guards them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from data.errors import ArtifactError
from data.taxonomy import fingerprint

MANIFEST = "manifest.json"


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as 64 hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_manifest(folder: Path) -> dict[str, Any]:
    """Read and check a folder's manifest: our vocabulary, every named file present and intact.

    Raises ArtifactError, saying which file or fingerprint is wrong.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"No readable artifact at {folder}: {error}.") from None
    if manifest.get("taxonomy") != fingerprint():
        raise ArtifactError(
            f"{path} was made for vocabulary {manifest.get('taxonomy')}, this code has "
            f"{fingerprint()}: retrain it or check out the matching version."
        )
    for name, digest in manifest.get("files", {}).items():
        file = folder / name
        if not file.is_file() or sha256(file) != digest:
            raise ArtifactError(f"{file} is missing or damaged (its SHA-256 differs).")
    return manifest


def save_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write `manifest.json` beside the files present, adding vocabulary and file digests."""
    files = {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name != MANIFEST}
    complete = {"taxonomy": fingerprint(), "files": files, **manifest}
    (folder / MANIFEST).write_text(
        json.dumps(complete, indent=1, sort_keys=False) + "\n", encoding="utf-8"
    )
