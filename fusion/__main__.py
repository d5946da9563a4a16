"""`python -m fusion`: do a listing's photos, words and fields agree?"""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    name="fusion",
    help="Compare what a listing's photos show, its words say and its fields claim.",
    commands_at={
        "check": ("fusion.commands:check", "Check one listing, or a file of listings."),
        "thresholds": ("fusion.thresholds:command", "Pick what people should look at."),
        "replay": ("fusion.replay:command", "Show which verdicts another artifact changes."),
    },
)

if __name__ == "__main__":
    run(cli)
