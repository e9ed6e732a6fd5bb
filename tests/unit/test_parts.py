"""A part of a file: what a player may ask for, and what it gets."""

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response

from bot.web.parts import in_parts
from tests.safety.test_t13_t14_t23_every_page import ask

CONTENT = bytes(range(100))
app = FastAPI()


@app.get("/film")
def film(request: Request) -> Response:
    return in_parts(request, CONTENT, "video/mp4", {"Content-Disposition": "inline"})


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, 99),
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-1000", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-1000", 0, 99),
    ],
)
def test_a_part_that_is_there_is_sent_alone_and_named(asked: str, first: int, last: int) -> None:
    answer = ask(app, "GET", "/film", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (206, CONTENT[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/100"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == ("video/mp4", "inline")


@pytest.mark.parametrize(
    "asked",
    ["bytes=100-", "bytes=100-200", "bytes=9-3", "bytes=-0", "bytes=-", "bytes=", "bytes=a-b", "bytes=--5",
     "bytes=1-2-3", "bytes=" + "9" * 30 + "-", "bytes=٣-٤".encode()],
)  # fmt: skip
def test_a_part_that_is_not_there_is_refused_with_the_size(asked: str | bytes) -> None:
    answer = ask(app, "GET", "/film", headers={"Range": asked})

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize(
    "asked",
    [{}, {"Range": "bytes=0-1,5-6"}, {"Range": "pages=1-2"}, {"Range": "bytes=0-1", "If-Range": '"old"'}],
)
def test_whoever_asks_for_no_part_gets_all_and_learns_that_there_are_parts(asked: dict[str, str]) -> None:
    answer = ask(app, "GET", "/film", headers=asked)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["accept-ranges"] == "bytes" and "content-range" not in answer.headers
