"""How often the watch cries wolf, and how soon it sees a wolf: simulated traffic with days, weekends and a holiday."""

import math
import random
from collections import defaultdict

from core.knowledge.book import shipped_policies
from core.quality.judge import History, Spike, judge

POLICY = shipped_policies()["quality"]
_DAY = (
    0.1,
    0.05,
    0.05,
    0.05,
    0.05,
    0.1,
    0.3,
    0.8,
    1.6,
    2.2,
    2.4,
    2.0,
    1.4,
    1.4,
    1.8,
    2.0,
    1.8,
    1.5,
    1.3,
    1.2,
    1,
    0.6,
    0.3,
    0.2,
)
WEEK = 168


def busy(hour: int) -> float:
    """The rate of an hour: by the clock, the weekday, and a backlog after each holiday of a week."""
    day = hour // 24
    weekend = 0.6 if day % 7 >= 5 else 1.15
    holiday = {0: 0.3, 1: 0.3, 2: 0.3, 3: 1.8, 4: 1.5}.get(day % 90, 1.0)
    return _DAY[hour % 24] * weekend * holiday


def poisson(random_: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, random_.random()
    while product > limit:
        count, product = count + 1, product * random_.random()
    return count


class House:
    def __init__(self, keys: int, hours: int, seed: int) -> None:
        self._random = random.Random(seed)
        self.rates = [math.exp(self._random.uniform(math.log(0.01), math.log(4))) for _ in range(keys)]
        self.counts = [
            [poisson(self._random, rate / 24 * busy(h)) for h in range(hours)] for rate in self.rates
        ]
        self.sums = [
            _running(row)
            for row in [*self.counts, [sum(column) for column in zip(*self.counts, strict=True)]]
        ]

    def between(self, key: int, start: int, end: int) -> int:
        return self.sums[key][end] - self.sums[key][start]

    def spikes(self, key: int, end: int, extra: int = 0) -> bool:
        return any(self._spike(key, end, hours, extra) for hours in POLICY["windows"])

    def _spike(self, key: int, end: int, hours: int, extra: int) -> bool:
        seen = self.between(key, end - hours, end)
        if seen + extra < POLICY["minimum"]:
            return False
        weeks = range(1, 9)
        slots = tuple(self.between(key, end - w * WEEK - hours, end - w * WEEK) for w in weeks)
        house = [self.between(-1, end - w * WEEK - hours, end - w * WEEK) for w in weeks]
        mean, usual = sum(house) / 8, self.between(-1, end - 8 * WEEK, end - hours) * hours / (8 * WEEK)
        elsewhere = self.between(-1, end - hours, end) - seen
        today = min(3.0, max(1.0, (elsewhere + 10) / (mean + 10)))
        total = self.between(key, end - 8 * WEEK, end - hours)
        past = History(hours, 8, slots, total, mean / usual if usual and mean else 1.0, today)
        return isinstance(judge(seen + extra, past, POLICY), Spike)


def _running(row: list[int]) -> list[int]:
    sums = [0]
    for count in row:
        sums.append(sums[-1] + count)
    return sums


def false_alarms(keys: int, days: int, seed: int) -> int:
    """Alarms without a cause over ``days`` after eight weeks of history; one alarm a day for each key, as in the house."""
    house = House(keys, (56 + days) * 24, seed)
    alarms: dict[int, int] = defaultdict(lambda: -1)
    count = 0
    for end in range(57 * 24, (56 + days) * 24 + 1):
        for key in range(keys):
            enough = house.between(key, end - 24, end) >= POLICY["minimum"]
            if enough and end // 24 != alarms[key] and house.spikes(key, end):
                alarms[key] = end // 24
                count += 1
    return count


def tickets_until_seen(rate: float, seed: int) -> int:
    """Extra tickets within a morning until a key of so many a day is noticed."""
    house = House(40, 58 * 24, seed)
    house.rates[0] = rate
    row = [poisson(random.Random(seed), rate / 24 * busy(h)) for h in range(58 * 24)]
    house.sums[0] = _running(row)
    end = 57 * 24 + 11
    return next(extra for extra in range(500) if house.spikes(0, end, extra))


def test_at_most_one_false_alarm_a_month_for_500_keys() -> None:
    keys, days = 250, 120  # as many key-days as two months of 500 keys
    count = false_alarms(keys, days, seed=7)
    months = keys * days / (500 * 30)
    print(f"false alarms: {count} in {months:.0f} months of 500 keys")
    assert count <= months


def test_a_spike_is_seen_within_few_tickets() -> None:
    seen = {rate: max(tickets_until_seen(rate, seed) for seed in range(3)) for rate in (0.02, 0.2, 1.0, 4.0)}
    print(f"tickets until noticed, by usual tickets a day: {seen}")
    assert seen[0.02] <= 4 and seen[0.2] <= 7 and seen[1.0] <= 20 and seen[4.0] <= 32
