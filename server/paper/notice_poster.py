"""The public notice as a poster for the wall, as PDF on A4 or A3.

Owns what others call. What the poster says is in `poster_content`, where it stands in `notice_layout`.
"""

from datetime import UTC, datetime, time
from typing import Literal

from server.paper.notice_layout import poster_pages
from server.paper.pdf import A3, A4, render_pdf
from server.paper.poster_content import NoticePoster, PosterLine, PosterTotals

__all__ = ["NoticePoster", "PosterLine", "PosterTotals", "poster_pdf"]

_PAPERS = {"A4": A4, "A3": A3}


def poster_pdf(poster: NoticePoster, paper: Literal["A4", "A3"] = "A4") -> bytes:
    """The poster as PDF; the same poster gives the same bytes. ValueError for another paper."""
    if paper not in _PAPERS:
        raise ValueError(f"公示海报只有 A4、A3 两种纸，没有 {paper}")
    title = f"{poster.village} {poster.month_title} 积分公示"
    made_at = datetime.combine(poster.posted_on, time(), UTC)
    return render_pdf(poster_pages(poster), _PAPERS[paper], title, made_at)
