"""One year of working spans with the time worked before each, so that a due time is two bisections."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class WorkingYear:
    """The open hours of one year, laid out once, so that adding and counting is a search and no walk over days."""

    number: int
    starts: list[datetime]  # UTC, in order; spans do not overlap
    ends: list[datetime]
    done: list[timedelta]  # worked since New Year when the span ends
    total: timedelta

    @classmethod
    def of(cls, number: int, spans: Iterable[tuple[datetime, ...]]) -> "WorkingYear":
        """``spans`` are (start, end) in UTC, in order."""
        starts, ends, done, total = [], [], [], timedelta()
        for start, end in spans:
            total += end - start
            starts.append(start)
            ends.append(end)
            done.append(total)
        return cls(number, starts, ends, done, total)

    def worked(self, at: datetime) -> timedelta:
        """Working time from New Year until ``at``."""
        index = bisect_right(self.ends, at)
        if index == len(self.ends):
            return self.total
        before = self.done[index] - (self.ends[index] - self.starts[index])
        return before + max(at - self.starts[index], timedelta())

    def moment(self, worked: timedelta, *, opening: bool = False) -> datetime | None:
        """When so much has been worked: the closing at the edge of a span, or the next opening; None past the year."""
        index = (bisect_right if opening else bisect_left)(self.done, worked)
        if index == len(self.ends):
            return None
        return self.ends[index] - (self.done[index] - worked)
