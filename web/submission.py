"""Reading the seller's form: values, photos, and one sentence beside each control that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from data.errors import ContradictoryFields, UnknownValue, UnreadableImage
from data.images import MAX_BYTES
from data.schema import MAX_IMAGES, MAX_TEXT, Listing
from data.taxonomy import ATTRIBUTES, WEAR_OF, check_together, parse_value, values_for
from web.labels import ATTRIBUTE_LABELS, SMALL_LABELS, VALUE_LABELS, attribute_label, join, wear_of
from web.uploads import UploadStore

CONTROLS = ("photos", "title", "description", *ATTRIBUTES)  # in the order of the page


@dataclass(slots=True)
class Submission:
    """What the seller sent, kept whole so that the page can show it again.

    `photos` holds tokens of stored photos; `errors` maps a control to its sentences; `notices`
    are things done on the seller's behalf.
    """

    title: str = ""
    description: str = ""
    fields: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(ATTRIBUTES))
    photos: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def complain(self, control: str, sentence: str) -> None:
        """Add a sentence beside a control, the controls in the order of the page."""
        self.errors.setdefault(control, []).append(sentence)
        self.errors = {name: self.errors[name] for name in CONTROLS if name in self.errors}

    def listing(self, uploads: UploadStore) -> Listing:
        """Return the listing to check. Raises UnreadableImage where a photo expired meanwhile."""
        paths = [uploads.use(token) for token in self.photos]
        if None in paths:
            raise UnreadableImage("A photo is no longer kept here: add it again.", field="photos")
        return Listing(
            listing_id="form",
            images=tuple(path for path in paths if path),
            title=self.title,
            description=self.description,
            fields=self.fields,
        )


def read(
    form: MultiDict[str, str], files: MultiDict[str, FileStorage], uploads: UploadStore
) -> Submission:
    """Read a posted form; wrong parts become errors of the submission, nothing is raised."""
    sent = Submission(title=_text(form, "title"), description=_text(form, "description"))
    for name in ("title", "description"):
        length = len(getattr(sent, name))
        if length > MAX_TEXT:
            sent.complain(
                name, f"The {name} has {length} characters; shorten it to {MAX_TEXT} or fewer."
            )
    _read_fields(sent, form)
    adopted = form.get("use")
    if adopted:
        _adopt(sent, adopted)
    _check_together(sent)
    _keep_photos(sent, form.getlist("kept"), uploads)
    _add_photos(sent, files.getlist("photos"), uploads)
    if not sent.photos and "photos" not in sent.errors:
        sent.complain("photos", f"Add at least one photo; a listing holds 1 to {MAX_IMAGES}.")
    return sent


def _text(form: Mapping[str, str], name: str) -> str:
    # Browsers send CRLF; evidence spans count characters, so one spelling before anything else.
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


def _read_fields(sent: Submission, form: Mapping[str, str]) -> None:
    wear = None
    for attribute in ATTRIBUTES:  # wear comes first and settles words like "full"
        word = form.get(attribute, "")
        try:
            value = parse_value(attribute, word, wear)
        except UnknownValue:
            choices = [VALUE_LABELS[v] for v in values_for(attribute, wear)]
            sent.complain(
                attribute,
                f"“{word.strip()[:60]}” is not a choice for {ATTRIBUTE_LABELS[attribute].lower()}: "
                f"choose {join(choices, 'or')}, or leave it not given.",
            )
            continue
        sent.fields[attribute] = value
        wear = wear or wear_of({attribute: value})


def _check_together(sent: Submission) -> None:
    try:
        check_together(sent.fields)
    except ContradictoryFields as error:
        wrong = str(error.field)
        value = sent.fields[wrong]
        wear = wear_of({a: v for a, v in sent.fields.items() if a != wrong})
        choices = join([VALUE_LABELS[v] for v in values_for(wrong, wear)], "or")
        sent.complain(
            wrong,
            f"{VALUE_LABELS[str(value)]} does not go with {wear} wear: choose {choices}, or change "
            f"{'the wear type' if sent.fields['wear'] else 'the item'}.",
        )


def _adopt(sent: Submission, choice: str) -> None:
    """Put a suggestion (`attribute:value`) into the fields, clearing what cannot go with it."""
    attribute, _, value = choice.partition(":")
    if attribute not in ATTRIBUTES or value not in values_for(attribute):
        sent.notices.append("That suggestion is not one of ours, so nothing was changed.")
        return
    sent.fields[attribute] = value
    sent.errors.pop(attribute, None)
    wear = wear_of({attribute: value})
    if not wear:
        return
    if sent.fields["wear"] not in (None, wear):
        sent.fields["wear"] = wear
        sent.notices.append(f"The wear type was changed to {wear} wear to go with it.")
    for other, wears in WEAR_OF.items():
        held = sent.fields[other]
        if held and wears[held] != wear:
            sent.fields[other] = None
            sent.notices.append(
                f"{attribute_label(other)} was cleared, because {SMALL_LABELS[held]} does not go "
                f"with {wear} wear."
            )


def _keep_photos(sent: Submission, tokens: Iterable[str], uploads: UploadStore) -> None:
    gone = 0
    for token in dict.fromkeys(tokens):
        if uploads.use(token) is None:
            gone += 1
        elif len(sent.photos) < MAX_IMAGES:
            sent.photos.append(token)
    if gone:
        sent.complain(
            "photos",
            f"{gone} earlier photo{'s are' if gone > 1 else ' is'} no longer kept here: "
            f"add {'them' if gone > 1 else 'it'} again.",
        )


def _add_photos(sent: Submission, files: Iterable[FileStorage], uploads: UploadStore) -> None:
    chosen = [file for file in files if file.filename]  # an empty file input sends one without
    too_many = len(sent.photos) + len(chosen) - MAX_IMAGES
    if too_many > 0:
        sent.complain(
            "photos",
            f"{len(sent.photos) + len(chosen)} photos given; a listing holds 1 to {MAX_IMAGES}, "
            f"so the last {too_many} {'were' if too_many > 1 else 'was'} left out: check again, "
            f"or change which are kept.",
        )
        chosen = chosen[: MAX_IMAGES - len(sent.photos)]
    for file in chosen:
        try:
            # one byte more than allowed is enough for open_image to refuse it
            sent.photos.append(uploads.add(file.stream.read(MAX_BYTES + 1)))
        except UnreadableImage as error:
            name = (file.filename or "")[:80]
            # no number: those on the page count the photos that are kept
            sent.complain("photos", f"“{name}”: {error.message}")
