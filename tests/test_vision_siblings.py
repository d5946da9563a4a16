"""The photo that shows another garment than its siblings is named."""

from __future__ import annotations

import numpy as np
import pytest

from data.taxonomy import ATTRIBUTES
from tests.fusion_fakes import SHIRT, FakeResult, shows
from vision.siblings import color_table, odd_photo

RED, BLUE = (180, 30, 40), (30, 60, 170)


def pixels(*colors: tuple[int, int, int]) -> np.ndarray:
    """Plain garments, a little grain on them."""
    grain = np.random.default_rng(0).integers(-6, 7, (len(colors), 256, 192, 3))
    return (np.array(colors)[:, None, None] + grain).clip(0, 255).astype(np.uint8)


def seen(item: str = "shirt", *, in_scope: bool = True) -> FakeResult:
    values = {**SHIRT, "item": item, "length": "full_sleeve"} if in_scope else {}
    shown = {name: shows(name, values.get(name), 0.9) for name in ATTRIBUTES}
    return FakeResult(shown, 0.99 if in_scope else 0.05)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_stranger_among_three_is_named_wherever_it_stands(place: int) -> None:
    colors, items = [RED] * 3, ["shirt"] * 3
    colors[place], items[place] = BLUE, "jeans"
    assert odd_photo([seen(item) for item in items], pixels(*colors)) == place


def test_photos_of_one_garment_fit() -> None:
    assert odd_photo([seen()] * 4, pixels(RED, RED, RED, RED)) is None


def test_of_two_that_disagree_the_second_is_named() -> None:
    assert odd_photo([seen("shirt"), seen("jeans")], pixels(RED, BLUE)) == 1
    assert odd_photo([seen("jeans"), seen("shirt")], pixels(BLUE, RED)) == 1


def test_one_photo_has_no_sibling_to_disagree_with() -> None:
    assert odd_photo([seen()], pixels(RED)) is None
    assert odd_photo([], []) is None


def test_a_size_chart_is_not_called_another_garment() -> None:
    chart = seen(in_scope=False)
    assert odd_photo([seen(), chart, seen()], pixels(RED, (250, 250, 250), RED)) is None


def test_a_number_counts_photos_out_of_scope_too() -> None:
    answers = [seen(), seen(in_scope=False), seen(), seen("jeans")]
    assert odd_photo(answers, pixels(RED, (250, 250, 250), RED, BLUE)) == 3


def test_colors_survive_other_light_but_tell_red_from_blue() -> None:
    red, dim, blue = (color_table(p) for p in pixels(RED, (150, 25, 33), BLUE))
    assert red @ red == pytest.approx(1)
    assert red @ dim > 0.9 > 0.1 > red @ blue
