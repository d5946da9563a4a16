"""`python -m data`: imports of raw data into checked tables, their report, and exports."""

from __future__ import annotations

from data.cli import LazyGroup, run

cli = LazyGroup(
    name="data",
    help="Import raw listings into checked tables, report on them, export them.",
    commands_at={
        "import-catalogue": ("data.commands:catalogue", "A dump of products with photos."),
        "import-seller-photos": ("data.commands:seller_photos", "Private sellers' photos."),
        "import-descriptions": ("data.commands:descriptions", "Product texts without photos."),
        "import-annotations": ("data.commands:annotation_files", "What the eye and the words say."),
        "import-listings": ("data.commands:listings", "A shop's own table (CSV)."),
        "crawl": ("data.crawl:command", "A shop's pages and photos, from its site file."),
        "demo-shop": ("data.demo_shop.command:command", "A local shop to try a crawl on."),
        "wrangle": ("data.wrangle:command", "Crawled items into the one table of listings."),
        "unknown-words": ("data.words:command", "Shops' words without a value, for new aliases."),
        "report": ("data.card:command", "The data card of a table."),
        "export-listings": ("data.commands:export", "Listings as JSONL, ready to be checked."),
    },
)

if __name__ == "__main__":
    run(cli)
