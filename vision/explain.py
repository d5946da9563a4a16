"""Where an answer comes from: the class map of a value, drawn over its photo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data.schema import Prediction
from data.taxonomy import VALUES, WEAR_OF, values_for
from vision.preprocess import canvas, fitted

FOR, AGAINST = (255, 96, 0), (0, 96, 255)  # orange and blue: told apart by color-blind eyes too
STRONGEST = 0.7  # opacity of the strongest evidence; the garment stays visible beneath
LEGEND = "Orange speaks for the value, blue against it."
PANEL, LINE, GAP = (640, 512), 40, 12  # pixels; a panel is at most so wide and so high


def evidence(
    maps: Mapping[str, np.ndarray], attribute: str, value: str, probabilities: Mapping[str, float]
) -> np.ndarray:
    """Return what each place of the photo says for `value` against its rivals, (rows, columns).

    maps: of `vision.tagger.ImageResult`. The value's class map less the mean of its rivals' maps,
    weighted by their probabilities; rivals are the other values of the same wear type. The mean
    over all places is the value's log odds against that mean rival, before the temperature: the
    map adds up to the answer and estimates nothing.
    """
    order = VALUES[attribute]
    rivals = [v for v in values_for(attribute, WEAR_OF.get(attribute, {}).get(value)) if v != value]
    weights = np.array([probabilities[v] + 1e-9 for v in rivals])
    own = maps[attribute][..., order.index(value)]
    others = maps[attribute][..., [order.index(v) for v in rivals]]
    return own - others @ (weights / weights.sum())


def strongest_tenth(places: np.ndarray) -> np.ndarray:
    """Mark the tenth of the places (rounded up) with most evidence; boolean, the same shape."""
    count = -(-places.size // 10)
    flat = np.zeros(places.size, bool)
    flat[np.argsort(-places, axis=None, kind="stable")[:count]] = True
    return flat.reshape(places.shape)


def overlay(photo: Image.Image, places: np.ndarray, *, scale: float) -> Image.Image:
    """Tint a photo in gray: orange where `places` speaks for the value, blue where against.

    photo: RGB of any size; places: of `evidence`; scale: the evidence that is tinted strongest.
    The map covers the network's whole input, so the part over its gray padding is cut away.
    """
    # The map tells how the network saw it: a nearly square photo may round to a square panel.
    shown = canvas(places.shape[::-1])
    left, top, width, height = fitted(photo.size, shown)
    across, down = np.divide(places.shape[::-1], shown)
    box = (left * across, top * down, (left + width) * across, (top + height) * down)
    smooth = Image.fromarray(places.astype(np.float32)).resize(
        photo.size, Image.Resampling.BICUBIC, box=box
    )
    share = np.clip(np.asarray(smooth) / max(scale, 1e-9), -1, 1)[..., None]
    color = np.where(share > 0, np.array(FOR), np.array(AGAINST))
    opacity = STRONGEST * np.abs(share)
    gray = np.asarray(photo.convert("L"))[..., None]  # orange on a red shirt would not show
    mixed = gray * (1 - opacity) + color * opacity
    return Image.fromarray(mixed.round().astype(np.uint8))


def explain(
    photo: Image.Image,
    maps: Mapping[str, np.ndarray],
    attribute: str,
    prediction: Prediction,
    *,
    field: str | None = None,
) -> Image.Image:
    """Draw the photo, the evidence for the predicted value and, where another, for the seller's.

    photo: RGB of any size; maps, prediction: of its `vision.tagger.ImageResult`; field: the value
    the seller gave. Both overlays share one scale, so their strengths compare.
    """
    table = prediction.probabilities
    best = max(table, key=table.__getitem__)
    shown = {best: "The photo shows" if prediction.value else "Not shown; nearest is"}
    if field == best:
        shown = {best: "Photo and seller say"}
    elif field:
        shown[field] = "The seller says"
    drawn = {}
    for value, who in shown.items():
        said, places = _told(maps, attribute, value, table, best)
        drawn[f"{who} {said} ({table[value]:.0%})"] = places
    scale = max(float(np.abs(places).max()) for places in drawn.values())
    fit = min(PANEL[0] / photo.width, PANEL[1] / photo.height)
    size = (max(1, round(photo.width * fit)), max(1, round(photo.height * fit)))
    large = photo.resize(size, Image.Resampling.LANCZOS)
    panels = {attribute.capitalize(): large}
    panels |= {said: overlay(large, places, scale=scale) for said, places in drawn.items()}
    return _side_by_side(panels)


def _told(
    maps: Mapping[str, np.ndarray],
    attribute: str,
    value: str,
    table: Mapping[str, float],
    best: str,
) -> tuple[str, np.ndarray]:
    """Return a value in words and its evidence; for one of another wear type than `best`, of that.

    An item or length is told from those of its own wear type: what a shirt would be if it were
    trousers, the network was never asked.
    """
    wears, said = WEAR_OF.get(attribute, {}), value.replace("_", " ")
    if wears.get(value) == wears.get(best):
        return said, evidence(maps, attribute, value, table)
    its_wear = evidence(maps, "wear", wears[value], dict.fromkeys(VALUES["wear"], 1.0))
    return f"{said}: {wears[value]} wear", its_wear


def _side_by_side(panels: Mapping[str, Image.Image]) -> Image.Image:
    """Place pictures beside each other under their captions, above the legend."""
    font = ImageFont.load_default(18)
    widths = [max(p.width, round(font.getlength(said))) for said, p in panels.items()]
    width = max(sum(widths) + GAP * (len(panels) + 1), round(font.getlength(LEGEND)) + 2 * GAP)
    height = max(panel.height for panel in panels.values())
    sheet = Image.new("RGB", (width, LINE + height + LINE), "white")
    draw, x = ImageDraw.Draw(sheet), GAP
    for (said, panel), wide in zip(panels.items(), widths, strict=True):
        draw.text((x, 10), said, fill="black", font=font)
        sheet.paste(panel, (x, LINE))
        x += wide + GAP
    draw.text((GAP, LINE + height + 8), LEGEND, fill="black", font=font)
    return sheet
