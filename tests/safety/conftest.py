"""Fixtures only: Discord beside the world, as the behaviour tests have it."""

from tests.behaviour.conftest import chat

__all__ = ["chat"]
