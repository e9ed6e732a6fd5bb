"""One local Hub for all tests of the author."""

from tests.worker.conftest import local_hub

__all__ = ["local_hub"]
