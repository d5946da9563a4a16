"""`python -m data crawl`: one shop, from its site file to items, photos and a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.errors import SelvedgeError
from data.files import locked

if TYPE_CHECKING:
    from data.crawl_frontier import Frontier
    from data.crawl_job import Job

FRONTIER = Path("job") / "frontier.sqlite"
_ENDS = {
    "finished": "The crawl is complete.",
    "shutdown": "The crawl was interrupted; the same command goes on.",
    "retry_after": "The shop asks to come back much later; the same command goes on then.",
    "closespider_itemcount": "The limit is reached; the same command goes on.",
    "closespider_pagecount_no_item": "The crawl was stopped: too many pages without a product.",
}


@click.command("crawl")
@click.argument("site", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the crawl.")
@click.option("--allow-private", is_flag=True, help="Also fetch from this machine and its network.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after about so many products.")
def command(site: Path, out: Path, allow_private: bool, limit: int | None) -> None:
    """Collect the products and photos of the shop that the file SITE describes.

    Interrupted or killed, the same command goes on where it was; after a whole crawl it asks for
    what has changed since.
    """
    from data.crawl_frontier import OK, Frontier
    from data.crawl_job import Job
    from data.crawl_settings import settings_for
    from data.crawl_site import read_site
    from data.crawl_watch import Watch

    shop = read_site(site)
    settings = settings_for(shop, out, allow_private=allow_private, limit=limit)
    with locked(out / "lock", f"Another crawl is writing to {out}; give another --out."):
        frontier = Frontier(out / FRONTIER, most=shop.limits.pages)
        if frontier.begin():
            click.echo(f"Going on with the crawl in {out}.", err=True)
        reason = run_crawl(Job(shop, out, frontier, Watch()), settings)
        _report(out, frontier)
        read = frontier.endings().get(OK, 0)
        frontier.close()
    if not read:
        raise SelvedgeError(f"No page of {shop.name} could be read; {out / 'report.txt'} says why.")
    click.echo(f"{_ENDS.get(reason, f'The crawl ended: {reason}.')} Its folder is {out}.")


def _report(out: Path, frontier: Frontier) -> None:
    # Imported here: reports bring pandas, 60 MB that the crawl itself does not need.
    from data.crawl_report import crawl_report
    from data.report_file import publish

    publish(crawl_report(out, frontier), out)


def run_crawl(job: Job, settings: dict[str, object]) -> str:
    """Run scrapy until the crawl ends; returns why it ended, in scrapy's words."""
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess

    from data.spiders.shop import ScriptSpider, ShopSpider

    process = CrawlerProcess(settings)
    crawler = process.create_crawler(ScriptSpider if job.site.kind == "script" else ShopSpider)
    reasons: list[str] = []
    # A signal's receivers are held weakly: the list's own method would be gone at once.
    crawler.signals.connect(_remember(reasons), signals.spider_closed, weak=False)
    process.crawl(crawler, job)
    process.start()
    return reasons[0] if reasons else "it could not start"


def _remember(reasons: list[str]) -> Callable[[str], None]:
    def closed(reason: str) -> None:
        reasons.append(reason)

    return closed
