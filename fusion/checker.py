"""The main job: listings in, reports out, every branch loaded once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from data.artifact import MANIFEST
from data.errors import ArtifactError, InvalidListing, SelvedgeError, UnreadableImage
from data.images import Source
from data.remarks import Contradiction, NamedColor, Remarks
from data.schema import Listing, Report
from fusion.agreement import judge_listing
from fusion.parameters import ARTIFACT, Parameters
from vision.combine import Answers, Seen, combine, hidden_ends
from vision.preprocess import open_photo, to_pixels
from vision.quality import quality_flags
from vision.siblings import odd_photo

ROOT = Path(__file__).resolve().parent.parent


class ImageBranch(Protocol):
    """`vision.tagger.ImageTagger`, or a test's stand-in."""

    def predict(self, images: Sequence[Source], /) -> Sequence[Seen]: ...


class Words(Protocol):
    """What the text branch reads in one listing: `text.reading.Reading`."""

    @property
    def answers(self) -> Answers: ...
    @property
    def contradictions(self) -> tuple[Contradiction, ...]: ...
    @property
    def colors(self) -> tuple[NamedColor, ...]: ...
    @property
    def foreign(self) -> Mapping[str, str]: ...


class TextBranch(Protocol):
    """`text.tagger.TextTagger`, or a test's stand-in."""

    def read(self, texts: Sequence[tuple[str, str]], /) -> Sequence[Words]: ...


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as the branch takes it, uint8 (h, w, 3), and what a seller can mend about it."""

    pixels: np.ndarray
    flags: tuple[str, ...]


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
        images = [Image.fromarray(photo.pixels) for _, photos in read for photo in photos]
        seen = iter(self._images.predict(images))
        said = self._texts.read([(listing.title, listing.description) for listing, _ in read])
        reports = iter(
            [
                self._report(listing, photos, list(islice(seen, len(photos))), words)
                for (listing, photos), words in zip(read, said, strict=True)
            ]
        )
        return [photos if isinstance(photos, SelvedgeError) else next(reports) for photos in opened]

    def _report(
        self, listing: Listing, photos: Sequence[Photo], seen: Sequence[Seen], words: Words
    ) -> Report:
        shown, in_scope = combine(seen)
        report = judge_listing(
            listing.listing_id,
            listing.fields,
            shown,
            words.answers,
            self._parameters,
            in_scope=in_scope,
            model_version=self.model_version,
        )
        return replace(report, remarks=_remarks(photos, seen, shown, words))


def _remarks(
    photos: Sequence[Photo], seen: Sequence[Seen], shown: Answers, words: Words
) -> Remarks:
    odd = odd_photo(seen, [photo.pixels for photo in photos])
    return Remarks(
        quality=tuple(photo.flags for photo in photos),
        odd_photo=None if odd is None else odd + 1,  # counted from 1, as a person does
        hidden=hidden_ends(shown),
        contradictions=words.contradictions,
        colors=words.colors,
        foreign=words.foreign,
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


def _open_photos(listing: Listing) -> list[Photo] | SelvedgeError:
    if not listing.images:
        return InvalidListing("The listing has no photo.", code="no_image", field="images")
    photos = []
    for number, path in enumerate(listing.images, start=1):
        try:
            photo = open_photo(path)
            photos.append(Photo(to_pixels(photo), quality_flags(photo)))
        except UnreadableImage as error:
            which = f"Photo {number} of {len(listing.images)}: " if len(listing.images) > 1 else ""
            return UnreadableImage(which + error.message, code=error.code, field="images")
    return photos
