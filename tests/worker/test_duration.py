"""The recommended ZeroGPU duration: the slowest warm call, times the app's own settings, and a margin."""

import pytest

from worker.validate.duration import recommend

CASES = {
    "nothing measured": ((), 1.0, 60),
    "quick": ((0.2, 0.1, 0.1), 1.0, 10),
    "the cold call does not count": ((50.0, 2.0, 2.0), 1.0, 10),
    "one call is all there is": ((20.0,), 1.0, 35),
    "four steps of the author's twenty-eight": ((5.0, 4.0, 4.0), 7.0, 50),
    "longer than a call should be": ((99.0, 90.0), 10.0, 300),
}


@pytest.mark.parametrize(("measured", "work", "seconds"), CASES.values(), ids=CASES)
def test_the_duration_fits_what_was_measured(measured: tuple[float, ...], work: float, seconds: int) -> None:
    found = recommend(measured, work)

    assert found.seconds == seconds
    assert str(seconds) in found.reason


def test_a_call_that_takes_too_long_is_said_to() -> None:
    assert "use fewer steps" in recommend((99.0, 90.0), 10.0).reason
