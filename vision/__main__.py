"""`python -m vision <command>`: the image branch alone."""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    name="vision",
    help="What photos show: wear, item, length, color and pattern.",
    commands_at={
        "predict": ("vision.commands:predict", "Answer for the photos of a JSONL file."),
        "explain": ("vision.commands:explain", "Draw over a photo where an answer comes from."),
    },
)

if __name__ == "__main__":
    run(cli)
