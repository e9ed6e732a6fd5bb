"""A scripted model: an OpenAI-compatible server that does what a behaviour says, beside the router's list."""

from tests.harness.scripted_model.server import ScriptedModel

__all__ = ["ScriptedModel"]
