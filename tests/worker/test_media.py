"""Files are known by their content, measured, and a hostile one is a finding and no crash."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from worker.validate.films import film
from worker.validate.media import Media, looked_at
from worker.validate.pictures import picture
from worker.validate.recognise import MediaKind
from worker.validate.sounds import recording

pytestmark = pytest.mark.thorough


def look(folder: Path, content: bytes, name: str = "file") -> Media:
    file = folder / name
    file.write_bytes(content)
    return looked_at([file])[file]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


BOMB = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
    + chunk(b"IEND", b"")
)


def test_a_picture_is_measured_whatever_it_is_called(tmp_path: Path) -> None:
    seen = look(tmp_path, picture(0), "film.mp4")

    assert (seen.kind, seen.width, seen.height, seen.problem) == (MediaKind.IMAGE, 128, 128, None)
    assert (seen.std or 0) > 20
    assert (seen.colours or 0) > 100


def test_a_recording_is_measured(tmp_path: Path) -> None:
    seen = look(tmp_path, recording(0))

    assert (seen.kind, seen.seconds) == (MediaKind.AUDIO, 2.0)
    assert 0.05 < (seen.rms or 0) < 0.5


def test_a_film_is_measured(tmp_path: Path) -> None:
    seen = look(tmp_path, film(0))

    assert (seen.kind, seen.frames, seen.seconds) == (MediaKind.VIDEO, 16, 2.0)
    assert (seen.motion or 0) > 1


@pytest.mark.parametrize("make", [picture, recording, film])
def test_our_variants_differ_and_each_is_the_same_every_time(make: object, tmp_path: Path) -> None:
    assert callable(make)
    one, again, other = (look(tmp_path, make(variant)) for variant in (0, 0, 1))

    assert one == again
    assert one.digest != other.digest


def test_a_picture_that_moves_is_counted(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 40), (20 * number, 0, 0)) for number in range(5)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])

    seen = look(tmp_path, (tmp_path / "moving.gif").read_bytes())

    assert (seen.kind, seen.frames) == (MediaKind.IMAGE, 5)
    assert seen.moves


HOSTILE = {
    "half a picture": picture(0)[:2000],
    "half a film": film(0)[:1500],
    "a recording without samples": recording(0)[:20],
    "a picture of two and a half milliards of pixels": BOMB,
    "a film that is only its name": b"\0\0\0\x18ftypisom" + b"\xff" * 500,
    "a page that says it is a sound": b"ID3<html>" + b"<b>" * 500,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_a_finding(content: bytes, tmp_path: Path) -> None:
    seen = look(tmp_path, content)

    assert seen.problem
    assert "Traceback" not in seen.problem


@pytest.mark.parametrize("content", [b"", b"words", b"\0\1\2", b'{"a": 1}'])
def test_what_is_no_media_is_something_else(content: bytes, tmp_path: Path) -> None:
    assert look(tmp_path, content).kind is MediaKind.OTHER


def test_one_file_that_cannot_be_decoded_leaves_the_others_alone(tmp_path: Path) -> None:
    contents = {"a": picture(0), "b": BOMB, "c": recording(1)}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    seen = looked_at([tmp_path / name for name in contents])

    assert [bool(each.problem) for each in seen.values()] == [False, True, False]
