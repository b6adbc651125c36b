"""Rate limits, counted in the database since there are several processes.

Owns the counters. A window is a fixed stretch of time; its row goes with the daily sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.kit.database import Base
from server.kit.errors import TooMany
from server.kit.upsert import insert_for

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RateCount(Base):
    """How often one subject did one thing in the window that began at `began_at`."""

    __tablename__ = "rate_counts"
    __table_args__ = (Index("ix_rate_counts_began_at", "began_at"),)

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


_OLDEST = select(func.min(RateCount.began_at))


@dataclass(frozen=True)
class Rate:
    """At most `most` times in `per`, for each subject of `name`."""

    name: str
    most: int
    per: timedelta

    def window(self, now: datetime) -> datetime:
        """When the window that `now` lies in began."""
        return now - (now - _EPOCH) % self.per


def count(session: Session, rate: Rate, subject: str, now: datetime) -> None:
    """Count one more; raises TooMany `too_often` when the window is full, which counts nothing."""
    began = rate.window(now)
    key = f"{rate.name}:{subject}"[:120]
    insert = insert_for(session, RateCount).values(subject=key, began_at=began, count=1)
    counted = session.execute(
        insert.on_conflict_do_update(
            index_elements=["subject", "began_at"],
            set_={"count": RateCount.count + 1},
            where=RateCount.count < rate.most,
        )
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        wait = int((began + rate.per - now).total_seconds()) + 1
        raise TooMany("too_often", f"操作太频繁，请 {wait // 60 + 1} 分钟后再试。", wait)


def oldest(session: Session) -> datetime | None:
    """When the oldest window that is kept began."""
    return session.scalar(_OLDEST)


def sweep(session: Session, before: datetime) -> int:
    """Forget windows that began by `before`; gives how many."""
    gone = session.execute(delete(RateCount).where(RateCount.began_at <= before))
    return int(gone.rowcount)  # type: ignore[attr-defined]
