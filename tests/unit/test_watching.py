"""Which changes of a watched model lead to a rebuild, and which are skipped and why."""

import pytest

from bot.domain.models import On, Wishes
from bot.domain.watching import Seen, Version, changed_files, new_version, why_it_does_not_matter

A, B, C = "a" * 40, "b" * 40, "c" * 40
BEFORE = Seen(main=A, tags={"v1": A})


@pytest.mark.parametrize(
    ("on", "now", "expected"),
    [
        (On.TAG, Seen(main=A, tags={"v1": A}), None),
        (On.TAG, Seen(main=B, tags={"v1": A}), None),
        (On.TAG, Seen(main=B, tags={"v1": A, "v2": B}), Version(B, "tag `v2`")),
        (On.TAG, Seen(main=B, tags={"v1": B}), Version(B, "tag `v1`")),
        (On.TAG, Seen(main=B, tags={}), None),
        (On.MAIN, Seen(main=B, tags={"v1": A}), Version(B, "`main`")),
        (On.MAIN, Seen(main=A, tags={"v1": A, "v2": B}), None),
        (On.BOTH, Seen(main=B, tags={"v1": A, "v2": B}), Version(B, "tag `v2`")),
        (On.BOTH, Seen(main=C, tags={"v1": A, "v2": B}), Version(C, "`main`")),
        (On.BOTH, Seen(main=A, tags={"v1": A, "v2": B}), Version(B, "tag `v2`")),
        (On.TAG, Seen(main=B, tags={"v1": A}, has_card_tag=True), Version(B, "the card's tag")),
    ],
)
def test_the_rules_of_a_watch_choose_the_version(on: On, now: Seen, expected: Version | None) -> None:
    assert new_version(Wishes(on=on), BEFORE, now) == expected


def test_the_cards_tag_counts_when_it_comes_and_not_while_it_stays() -> None:
    tagged = Seen(main=A, has_card_tag=True)

    assert new_version(Wishes(), tagged, Seen(main=B, has_card_tag=True)) is None


def test_of_a_burst_of_tags_the_newest_that_fits_is_built() -> None:
    now = Seen(main=A, tags={"v1": A, "v9": B, "v10": C, "nightly": A, "v9-rc": A})

    assert new_version(Wishes(only="v*"), BEFORE, now) == Version(C, "tag `v10`")
    assert new_version(Wishes(only="v?"), BEFORE, now) == Version(B, "tag `v9`")
    assert new_version(Wishes(only="w*"), BEFORE, now) is None


@pytest.mark.parametrize(
    ("changed", "same_card_data", "reason"),
    [
        ({"model.safetensors"}, True, None),
        ({"README.md", "config.json"}, True, None),
        ({"README.md"}, False, None),
        ({"README.md"}, True, "only the text of its card changed"),
        ({"README.md", "LICENSE", "figures/loss.png"}, True, "only LICENSE, figures/loss.png changed"),
        ({".gitattributes"}, True, "only .gitattributes changed"),
        (set(), True, "its files are the same as before"),
        ({"licenses.json"}, True, None),
        ({"docs/README.md"}, True, None),
    ],
)
def test_what_makes_no_other_space_is_skipped_and_said(
    changed: set[str], same_card_data: bool, reason: str | None
) -> None:
    assert why_it_does_not_matter(changed, same_card_data=same_card_data) == reason


def test_files_that_came_went_or_changed_are_found() -> None:
    assert changed_files({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == {"b", "c", "d"}
