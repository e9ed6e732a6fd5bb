"""How the gateway packs what it sends: as it is, or as one long stream that is flushed after every event."""

import importlib
import zlib
from collections.abc import Callable

Pack = Callable[[str], str | bytes]


def packer(asked: str | None) -> Pack | None:
    """The way that was asked for in `compress=`; None if there is no such way."""
    match asked:
        case None:
            return lambda text: text
        case "zlib-stream":
            return _zlib()
        case "zstd-stream":
            return _zstd()
        case _:
            return None


def _zlib() -> Pack:
    stream = zlib.compressobj()
    return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Pack:
    """discord.py asks for it where it finds one of these two, so that it is here as well."""
    try:
        zstandard = importlib.import_module("zstandard")
    except ModuleNotFoundError:
        zstd = importlib.import_module("compression.zstd")
        newer = zstd.ZstdCompressor()
        return lambda text: bytes(newer.compress(text.encode(), zstd.ZstdCompressor.FLUSH_BLOCK))
    stream = zstandard.ZstdCompressor().compressobj()
    block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return lambda text: bytes(stream.compress(text.encode()) + stream.flush(block))
