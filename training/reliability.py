"""Do the image branch's confidences hold, of each head, on studio and phone photos?"""

from __future__ import annotations

import pandas as pd

from data.taxonomy import ATTRIBUTES
from fusion.calibration import expected_calibration_error
from training.hidden import HIDDEN
from training.metrics import calibration_floor


def confidences(asked: pd.DataFrame, closeups: pd.DataFrame) -> pd.DataFrame:
    """Return every confidence beside the truth: head, source, domain, sure in [0, 1] and right.

    asked: of `training.evaluate.ask`, closeups: of `training.hidden.ask`. An attribute's confidence
    is that of its answer, held against the annotation. `scope` and `length_shown` have two values:
    theirs is the chance that a garment is in the photo, held against the photo's scope, and that
    the ends of sleeves or legs are, held against what the eye sees in a close-up (in whole photos
    they always are).
    """
    parts = []
    for name in ATTRIBUTES:
        known = asked[asked[f"true_{name}"].notna()]
        right = known[f"said_{name}"] == known[f"true_{name}"]
        parts.append(_part(known, name, known[f"sure_{name}"], right))
    parts.append(_part(asked, "scope", asked["in_scope"], asked["scope"] == "in"))
    shown = closeups["length"] != HIDDEN
    parts.append(_part(closeups, "length_shown", closeups["shown"], shown))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _part(rows: pd.DataFrame, head: str, sure: pd.Series, right: pd.Series) -> pd.DataFrame:
    told = rows[["source", "domain"]].assign(head=head, sure=sure.astype(float), right=right)
    return told.reset_index(drop=True)


def calibration_table(told: pd.DataFrame) -> pd.DataFrame:
    """Return per head, and per domain and source, n, the calibration error and its floor.

    told: of `confidences`. The floor is what as many perfectly calibrated answers would measure
    (`training.metrics`), so an error near it is none.
    """
    rows = []
    for head, answers in told.groupby("head", sort=False):
        for by in ("domain", "source"):
            for name, part in answers.groupby(by):
                error = expected_calibration_error(part["sure"], part["right"])
                rows.append((head, name, len(part), error, calibration_floor(part["sure"])))
    columns = ["head", "photos", "n", "ECE", "floor"]
    return pd.DataFrame(rows, columns=columns).set_index(["head", "photos"])
