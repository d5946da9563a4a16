"""What is said in passing is blanked in place: figures of speech, colors of trims, linings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.denied import as_no
from text.passing import hushed

WORDS = st.lists(
    st.sampled_from(
        ["white", "logo", "buttons", "in", "silver", "tone", "lined", "with", "lining", "checked",
         "top", "stitched", "half", "price", ",", "-", "İ", "ß", "shirt", "no", "pattern",
         "without", "sleeves", "unpatterned", "free", "of", "prints", ":", "nothing", "printed"]
    )
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Black T-shirt with a white logo", "Black T-shirt with a logo"),
        ("Black logo T-shirt", "Black logo T-shirt"),
        ("Navy zip hoodie", "Navy zip hoodie"),
        ("Buttons in silver tone", "Buttons in"),
        ("Brown leather patch and copper rivets", "patch and rivets"),
        ("Off-white buttons", "buttons"),
        ("Red shirt, buttons", "Red shirt, buttons"),
        ("Blazer lined with paisley-printed satin. Notched lapel", "Blazer . Notched lapel"),
        ("Checked lining", "lining"),
        ("Checked shirt with lining", "Checked shirt with lining"),
        ("Not striped, plain black", ", plain black"),
        ("Not a shirt but a kurta", "but a kurta"),
        ("Neither striped nor checked", ""),
        ("No stripes or checks, only navy", ", only navy"),
        ("Women top with no sleeves", "Women top with no sleeves"),
        ("Without any print", "Without any print"),
        ("Not only striped", "striped"),
        ("Never without its striped front", "its striped front"),
        ("A stripe-free, non-printed shirt", "A , shirt"),
        ("Checks? Not on this one", "on this one"),
        ("Lacks stripes, free of prints", ", no prints"),
        ("Top minus the sleeves", "Top no sleeves"),
        ("Nothing is printed on it", "no print on it"),
        ("The sleeves are not there", "The no sleeves"),
        ("You won't find a print on it", "You no print on it"),
        ("There isn't a single print", "There no print"),
        ("It used to have checks", "It"),
        ("It no longer has stripes", "It"),
        ("No-print joggers", "joggers"),
        ("No stripes, checks or florals; navy", "; navy"),
        ("No stripes, checks at the yoke", ", checks at the yoke"),
        ("Unlike striped ones it is plain", "ones it is plain"),
        ("The stripes were left out", "The were left out"),
        ("Checks have no place here", "have no place here"),
        ("You cannot miss the red stripes", "You the red stripes"),
        ("No ordinary striped tee", "striped tee"),
        ("Not unprinted", "printed"),
        ("Not red no sleeves", "no sleeves"),
        ("Pattern: no print", "no print"),
        ("Print: no stripes, no print", ", no print"),
        ("Pattern: No Pattern", "no print"),
        ("Striped: No, Checked - No, Printed: false", ", ,"),
        ("Striped? No.", "."),
        ("Striped: Yes", "Striped: Yes"),
        ("Checked - no iron", "Checked - no iron"),
        ("Hood: No. Print: Yes", "Hood: . Print: Yes"),
        ("Sleeves: No", "no sleeves"),
        ("Sleeve Length : No, hood: No", "no sleeve, hood:"),
        ("Sleeve-length:No", "no sleeve"),
        ("Sleeve Length: None, hood: None", "no sleeve, hood:"),
        ("Sleeve Length: N/A, navy", ", navy"),
        ("Sleeves: not applicable", ""),
        ("Sleeveless: No. Long sleeve: No", "."),
        ("Full sleeves: none, short sleeves: yes", ", short sleeves: yes"),
        ("Sleeveless: not at all times", "Sleeveless: not at all times"),
        ("Striped: not at all", ""),
        ("Full sleeves hood: No", "Full sleeves hood:"),
        ("Sleeve pocket: No", "Sleeve pocket:"),
        ("Sleeves - hood: No", "Sleeves - hood:"),
        ("Sleeves\nhood: No", "Sleeves hood:"),
        ("Slv: No", "Slv: No"),
        ("Striped  :  No, Pattern  :  no print", ", no print"),
        ("Stripes? No stripes. Printed ? No prints", ". No prints"),
        ("Printed? Not a print in sight", "in sight"),
        ("Stripeless, printless, checkless", ", ,"),
        ("Unpatterned tee", "no print tee"),
        ("Tee without any pattern", "Tee no print"),
        ("Not unpatterned", "patterned"),
        ("Pattern: self design", "no print"),
        ("Self-design shirt", "Self-design shirt"),
        ("No matter where", "No matter where"),
        ("Non-marking shoes", "Non-marking shoes"),
        ("Tee without any checks", "Tee"),
        ("Green light, solid as a rock", ", a rock"),
        ("Not a hint of blue in this grey denim", "in this grey denim"),
        ("Anything but plain", ""),
        ("Checked inner placket", "inner placket"),
        ("Brand name printed at the neck", "at the neck"),
        ("You will not want to miss this blue shirt", "You will not want to miss this blue shirt"),
        ("Earn your stripes in a striped tee", "in a striped tee"),
        ("Half the price, half sleeves", "price, half sleeves"),
        ("White-glove service for a white kurta", "service for a white kurta"),
        ("Printed shirt, see the small print", "Printed shirt, see the"),
    ],
)  # fmt: skip
def test_what_is_said_in_passing_is_blanked(text: str, left: str) -> None:
    assert " ".join(hushed(text).split()) == left


@given(st.text(max_size=200) | WORDS)
def test_no_offset_moves(text: str) -> None:
    assert len(hushed(text)) == len(text)
    low = text.lower()
    if as_no(low, low) == low:  # only "free of prints" and its like are put into other words
        assert all(new in (old, " ") for new, old in zip(hushed(text), text, strict=True))
