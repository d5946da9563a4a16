"""What the parts of one crawl share; the spider carries it, as scrapy copies its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.crawl_frontier import Frontier
from data.crawl_site import Site

if TYPE_CHECKING:
    from data.crawl_watch import Watch


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl of one shop into one folder."""

    site: Site
    out: Path
    frontier: Frontier
    watch: Watch


def job_of(crawler: Any) -> Job:
    """Return the job of a scrapy crawler whose spider was made."""
    job: Job = crawler.spider.job
    return job
