"""`python -m training <job>`: from tables to released artifacts, and their measurement."""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    name="training",
    help="Train the branches, fit the fusion, measure on held-out data.",
    commands_at={
        "vision": ("training.vision:command", "Train the image branch and release its artifact."),
        "bodies": ("training.bodies:command", "Compare pretrained bodies and input sizes."),
        "labels": ("training.labels:command", "Compare ways to learn from noisy labels."),
        "text": ("training.text:command", "Train the text branch and release its artifact."),
        "text-evaluate": ("training.text_evaluate:command", "Measure the text branch."),
        "text-ablation": ("training.text_ablation:command", "What each text signal is worth."),
        "fusion": ("training.fusion:command", "Fit the fusion's parameters on validation data."),
        "quantize": ("training.quantize:command", "Turn the image network into int8."),
        "calibrate": ("training.calibrate:command", "Fit the image artifact's calibration anew."),
        "deletion": ("training.deletion:command", "Erase the evidence: do answers fall with it?"),
        "siblings": ("training.siblings:command", "Measure listings of several photos."),
        "negatives": ("training.negatives:command", "Measure photos without any garment."),
        "hidden": ("training.hidden:command", "Measure close-ups that hide the length."),
        "quality": ("training.quality:command", "Measure the photo quality flags."),
        "report": ("training.report:command", "Plots, slices and worst errors of the photos."),
        "evaluate": ("training.evaluate:command", "Measure the image branch on held-out data."),
    },
)

if __name__ == "__main__":
    run(cli)
