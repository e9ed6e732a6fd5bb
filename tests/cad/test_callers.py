"""Who asks, and how often they may."""

import pytest

from worker.apps.cad.parts.callers import Rates, address_of
from worker.apps.cad.parts.trouble import TooMany


def test_each_caller_has_a_share_of_their_own() -> None:
    rates = Rates(("address", "2/minute"), ("key", "10/minute"))

    for address in ("1.1.1.1", "1.1.1.1", "2.2.2.2"):
        rates.count(address=address, key="k")

    with pytest.raises(TooMany, match="Try again in a minute"):
        rates.count(address="1.1.1.1", key="k")
    rates.count(address="2.2.2.2", key="k")


def test_a_key_has_a_share_whoever_uses_it() -> None:
    rates = Rates(("address", "100/minute"), ("key", "3/minute"))
    for number in range(3):
        rates.count(address=f"10.0.0.{number}", key="k")

    with pytest.raises(TooMany):
        rates.count(address="10.0.0.9", key="k")


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ([], 1, "9.9.9.9"),
        (["6.6.6.6, 1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4"], 1, "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4, 10.0.0.1"], 2, "1.2.3.4"),
        (["6.6.6.6"], 0, "9.9.9.9"),
    ],
)
def test_what_a_caller_says_about_their_address_is_not_believed(
    forwarded: list[str], proxies: int, address: str
) -> None:
    assert address_of("9.9.9.9", forwarded, proxies) == address
