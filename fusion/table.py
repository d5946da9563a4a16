"""The agreement table a person reads in a terminal: icons and words, never color alone."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from data.remarks import advice
from data.schema import AttributeReport, Prediction, Report

ATTRIBUTE_STATUS = {
    "agree": ("✓ agrees", "green"),
    "conflict": ("✗ conflict", "bold red"),
    "unsure": ("? unsure", "yellow"),
    "not_given": ("– not given", "dim"),
}
LISTING_STATUS = {
    "consistent": ("✓ Photo, words and fields agree", "green"),
    "conflict": ("✗ Something does not agree", "bold red"),
    "unsure": ("? Not enough evidence to be sure", "yellow"),
    "out_of_scope": ("! The photo shows no upper or bottom wear", "bold yellow"),
}
WHOLE = {"image": "the photo is of another product", "text": "the words are of another product"}
SOURCES = {"field": "field", "image": "photo", "text": "words"}
ODD = {"field": "the field is off", "image": "the photo is off", "text": "the words are off"}


def agreement_table(report: Report) -> Group:
    """Return the verdict on one listing, ready for a rich console."""
    columns = ("", "Seller's field", "Photo shows", "Words say", "Verdict", "Suggestion")
    table = Table(*columns, box=box.ROUNDED, show_lines=True)
    for name, attribute in report.attributes.items():
        table.add_row(
            name,
            Text(words(attribute.field)),
            _photo(attribute.image),
            _said(attribute.text),
            _verdict(attribute),
            Text(words(attribute.suggestion)),
        )
    headline, style = LISTING_STATUS[report.status]
    if report.odd_one_out in WHOLE:
        headline += f": probably {WHOLE[report.odd_one_out]}"
    if report.score is not None:
        headline += f" (chance that every given field is right: {percent(report.score)})"
    remarks = () if report.remarks is None else advice(report.remarks)
    return Group(Text(headline, style=style), table, *(Text(f"! {line}") for line in remarks))


def words(value: str | None) -> str:
    """Spell a value for people: `half_sleeve` -> "half sleeve", None -> "–"."""
    return "–" if value is None else value.replace("_", " ")


def percent(p: float) -> str:
    """Spell a probability without claiming certainty: 0.998 -> "over 99%"."""
    if p > 0.99:
        return "over 99%"
    return "under 1%" if p < 0.01 else f"{p:.0%}"


def _photo(image: Prediction) -> Text:
    if image.value is None:
        return Text("not visible", style="dim")
    return Text(f"{words(image.value)}\n{percent(image.confidence)} sure")


def _said(text: Prediction) -> Text:
    if text.value is None:
        return Text("not stated", style="dim")
    quoted = dict.fromkeys(f"“{' '.join(span.text.split())}”" for span in text.evidence or ())
    return Text("\n".join([words(text.value), f"{percent(text.confidence)} sure", *quoted]))


def _verdict(attribute: AttributeReport) -> Text:
    label, style = ATTRIBUTE_STATUS[attribute.status]
    lines = [label]
    if attribute.odd_one_out is not None:
        lines.append(ODD[attribute.odd_one_out])
    if attribute.score is not None:
        lines.append(f"right: {percent(attribute.score)}")
    if attribute.contributions is not None:  # in log-odds; 0 would be even
        parts = [f"{SOURCES[s]} {c:+.1f}" for s, c in attribute.contributions.items()]
        lines.append(", ".join(parts))
    return Text("\n".join(lines), style=style)
