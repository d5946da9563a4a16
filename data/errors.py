"""The errors a person can mend, each one sentence with a stable code.

SelvedgeError               anything we can explain: the commands print it and exit 1
|-- InvalidListing          one listing cannot be read; a batch goes on with the next
|   |-- UnknownValue        a word outside the vocabulary
|   |-- ContradictoryFields values that cannot describe one garment
|   `-- UnreadableImage     a photo that is missing, broken, too large or no photo
|-- InvalidTable            a file or table that lacks what it must hold
`-- ArtifactError           a trained artifact that is missing, damaged or foreign
"""


class SelvedgeError(Exception):
    """Something went wrong that one sentence explains; `code` is stable for machines.

    `field` names the attribute or form control concerned, or is None.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field

    def to_json(self) -> dict[str, str]:
        """Return the error object of a report line: `{"code": ..., "message": ...}`."""
        return {"code": self.code, "message": self.message}


class InvalidListing(SelvedgeError):
    """One listing cannot be read."""

    code = "invalid_listing"


class UnknownValue(InvalidListing):
    """A word that is neither a value nor an alias of the attribute."""

    code = "unknown_value"


class ContradictoryFields(InvalidListing):
    """Two fields that cannot describe one garment, such as jeans with half sleeves."""

    code = "contradictory_fields"


class UnreadableImage(InvalidListing):
    """A photo that is missing, broken, too large or not a photo."""

    code = "unreadable_image"


class InvalidTable(SelvedgeError):
    """A file or table that lacks what it must hold."""

    code = "invalid_table"


class ArtifactError(SelvedgeError):
    """A trained artifact that is missing, damaged or made for another vocabulary."""

    code = "artifact"
