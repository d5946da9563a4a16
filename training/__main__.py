"""`python -m training <job>`: from tables to released artifacts, and their measurement."""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    name="training",
    help="Train the branches, fit the fusion, measure on held-out data.",
    commands_at={
        "vision": ("training.vision:command", "Train the image branch and release its artifact."),
        "text": ("training.text:command", "Train the text branch and release its artifact."),
        "fusion": ("training.fusion:command", "Fit the fusion's parameters on validation data."),
        "evaluate": ("training.evaluate:command", "Measure the image branch on held-out data."),
    },
)

if __name__ == "__main__":
    run(cli)
