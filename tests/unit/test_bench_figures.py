"""The arithmetic behind what `make bench` prints."""

from scripts.bench.ratios import ratios
from scripts.bench.sending import Answers, percentile


def test_a_ratio_is_of_two_measurements_of_one_round() -> None:
    found = ratios([10.0, 30.0, 90.0], [10.0, 10.0, 100.0])

    assert (found.middle, found.least, found.most) == (1.0, 0.9, 3.0)
    assert str(found) == "1.00 | 0.90 – 3.00"


def test_a_percentile_is_a_time_that_was_measured() -> None:
    times = [float(each) for each in range(200, 0, -1)]

    assert [percentile(times, each) for each in (50, 99, 100)] == [100.0, 198.0, 200.0]
    assert percentile([7.0], 99) == 7.0


def test_the_rate_counts_every_answer() -> None:
    assert Answers(seconds=0.5, times=(1.0, 2.0, 3.0)).each_second == 6.0
