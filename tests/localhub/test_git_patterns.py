"""Patterns of .gitattributes and .gitignore mean here what they mean to git."""

import subprocess
from pathlib import Path

import pytest

from bot.localhub.git_patterns import ignored, large_paths, with_large_path

IGNORE = (
    "# note\n*.log\n!kept.log\n/top.txt\nbuild/\ndocs/**/draft-?.md\n\\#odd\n[ab]*.tmp\n!/deep/keep/x.log\n"
)
PATHS = [
    *(
        "a.log",
        "deep/a.log",
        "kept.log",
        "deep/kept.log",
        "top.txt",
        "deep/top.txt",
        "build/x",
        "deep/build/x",
    ),
    *("build", "docs/draft-1.md", "docs/a/b/draft-2.md", "docs/draft-10.md", "#odd", "a1.tmp", "c1.tmp"),
    *("deep/keep/x.log", "plain.txt"),
]


def test_ignoring_agrees_with_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(IGNORE)
    asked = ["git", "-C", str(tmp_path), "check-ignore", "--no-index", *PATHS]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")
    assert {path for path in PATHS if ignored(IGNORE, path)} == {path for path in said if path}


@pytest.mark.parametrize(
    ("attributes", "path", "is_large"),
    [
        ("*.bin filter=lfs diff=lfs merge=lfs -text", "deep/a.bin", True),
        ("*.bin filter=lfs", "a.binary", False),
        ("saved_model/**/* filter=lfs", "saved_model/a/b", True),
        ("saved_model/**/* filter=lfs", "other/a", False),
        ("*.bin filter=lfs\nsmall.bin -filter", "small.bin", False),
        ("*.tar.* filter=lfs", "x.tar.gz", True),
        ("*tfevents* filter=lfs", "runs/events.out.tfevents.1", True),
        ("*.txt text\n# *.md filter=lfs", "a.md", False),
    ],
)
def test_attributes_say_what_is_large(attributes: str, path: str, is_large: bool) -> None:
    assert large_paths(attributes, path) is is_large


@pytest.mark.parametrize("path", ["a b.raw", "deep/[x]*.raw", "plain"])
def test_an_added_line_means_just_that_path(path: str) -> None:
    attributes = with_large_path("*.bin filter=lfs", path)
    assert large_paths(attributes, path)
    assert not large_paths(attributes, path + "x")
    assert large_paths(attributes, "a.bin")
