"""The main job: listings in, reports out, every branch loaded once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from PIL import Image

from data.artifact import MANIFEST
from data.errors import ArtifactError, InvalidListing, SelvedgeError, UnreadableImage
from data.images import Source
from data.schema import Listing, Report
from fusion.agreement import judge_listing
from fusion.parameters import ARTIFACT, Parameters
from vision.combine import Answers, Seen, combine
from vision.preprocess import to_pixels

ROOT = Path(__file__).resolve().parent.parent


class ImageBranch(Protocol):
    """`vision.tagger.ImageTagger`, or a test's stand-in."""

    def predict(self, images: Sequence[Source], /) -> Sequence[Seen]: ...


class TextBranch(Protocol):
    """`text.tagger.TextTagger`, or a test's stand-in."""

    def predict(self, texts: Sequence[tuple[str, str]], /) -> Sequence[Answers]: ...


class Checker:
    """Checks listings; holds no state between calls."""

    def __init__(
        self,
        images: ImageBranch,
        texts: TextBranch,
        parameters: Parameters,
        *,
        model_version: str,
    ) -> None:
        self._images = images
        self._texts = texts
        self._parameters = parameters
        self.model_version = model_version

    @classmethod
    def load(
        cls,
        vision_dir: Path | None = None,
        text_dir: Path | None = None,
        fusion_dir: Path | None = None,
        *,
        review_below: float | None = None,
    ) -> Checker:
        """Load the released artifacts, or those of the folders given. Raises ArtifactError.

        `review_below` in [0, 1] takes the place of the artifact's own threshold.
        """
        from text.tagger import TextTagger
        from vision.tagger import ImageTagger

        vision_dir = vision_dir or ROOT / "vision" / "artifact"
        text_dir = text_dir or ROOT / "text" / "artifact"
        fusion_dir = fusion_dir or ARTIFACT
        parameters = Parameters.load(fusion_dir)
        if review_below is not None:
            parameters = replace(parameters, review_below=review_below)
        return cls(
            ImageTagger.load(vision_dir),
            TextTagger.load(text_dir),
            parameters,
            model_version=version_of(vision_dir, text_dir, fusion_dir),
        )

    def check(self, listings: Sequence[Listing]) -> list[Report | SelvedgeError]:
        """Return for each listing, in order, its report or the error that kept it unread.

        All photos go through the image branch in one call, all texts through the text branch.
        Photos are held as network-sized pixels (150 kB each), so a chunk of 32 listings with 8
        photos each takes 40 MB.
        """
        opened = [_open_photos(listing) for listing in listings]
        read = [
            (listing, photos)
            for listing, photos in zip(listings, opened, strict=True)
            if not isinstance(photos, SelvedgeError)
        ]
        seen = iter(self._images.predict([photo for _, photos in read for photo in photos]))
        said = self._texts.predict([(listing.title, listing.description) for listing, _ in read])
        reports = iter(
            [
                self._report(listing, list(islice(seen, len(photos))), words)
                for (listing, photos), words in zip(read, said, strict=True)
            ]
        )
        return [photos if isinstance(photos, SelvedgeError) else next(reports) for photos in opened]

    def _report(self, listing: Listing, seen: Sequence[Seen], said: Answers) -> Report:
        shown, in_scope = combine(seen)
        return judge_listing(
            listing.listing_id,
            listing.fields,
            shown,
            said,
            self._parameters,
            in_scope=in_scope,
            model_version=self.model_version,
        )


def version_of(*folders: Path) -> str:
    """Return 12 hex digits that change with any of the artifacts. Raises ArtifactError."""
    digest = hashlib.sha256()
    for folder in folders:
        try:
            digest.update((folder / MANIFEST).read_bytes())
        except OSError as error:
            raise ArtifactError(f"No readable artifact at {folder}: {error}.") from None
    return digest.hexdigest()[:12]


def _open_photos(listing: Listing) -> list[Image.Image] | SelvedgeError:
    if not listing.images:
        return InvalidListing("The listing has no photo.", code="no_image", field="images")
    photos = []
    for number, path in enumerate(listing.images, start=1):
        try:
            photos.append(Image.fromarray(to_pixels(path)))
        except UnreadableImage as error:
            which = f"Photo {number} of {len(listing.images)}: " if len(listing.images) > 1 else ""
            return UnreadableImage(which + error.message, code=error.code, field="images")
    return photos
