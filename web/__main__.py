"""`python -m web serve`."""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    "web",
    help="The web app: where a seller checks a listing.",
    commands_at={"serve": ("web.serve:command", "Serve the pages over HTTP.")},
)

if __name__ == "__main__":
    run(cli)
