"""The main job: listings in, reports out, every branch loaded once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from data.artifact import MANIFEST
from data.errors import ArtifactError, SelvedgeError
from data.remarks import Contradiction, NamedColor, Remarks
from data.schema import Listing, Report
from fusion.agreement import judge_listing
from fusion.parameters import ARTIFACT, Parameters
from fusion.photos import odd_photo
from vision.combine import Answers, hidden_ends
from vision.listing import ImageBranch, Shown, show

ROOT = Path(__file__).resolve().parent.parent


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
        """
        seen = show(self._images, [listing.images for listing in listings])
        read = [
            (listing, shown)
            for listing, shown in zip(listings, seen, strict=True)
            if not isinstance(shown, SelvedgeError)
        ]
        said = self._texts.read([(listing.title, listing.description) for listing, _ in read])
        reports = iter([self._report(*pair, words) for pair, words in zip(read, said, strict=True)])
        return [shown if isinstance(shown, SelvedgeError) else next(reports) for shown in seen]

    def _report(self, listing: Listing, shown: Shown, words: Words) -> Report:
        report = judge_listing(
            listing.listing_id,
            listing.fields,
            shown.answers,
            words.answers,
            self._parameters,
            in_scope=shown.in_scope,
            model_version=self.model_version,
        )
        return replace(report, remarks=_remarks(listing, shown, words))


def _remarks(listing: Listing, shown: Shown, words: Words) -> Remarks:
    odd = odd_photo(shown, listing.fields, words.answers)
    return Remarks(
        quality=shown.quality,
        odd_photo=None if odd is None else odd + 1,  # counted from 1, as a person does
        no_garment=tuple(place + 1 for place in shown.strays),
        hidden=hidden_ends(shown.answers),
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
