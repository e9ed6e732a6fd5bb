"""gradio makes an app of what the local Hub has: of a model for inference providers, of a Space as it is."""

from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.loading.programs import run, says
from tests.localhub.one_space import OneSpace
from tests.localhub.small_apps import GRADIO

OF_A_MODEL = """
import gradio
for name in ("chat", "reviews", "pictures"):
    print(">", type(gradio.load(f"models/alice/{name}")).__name__)
"""
NOBODY_SERVES_IT = """
from huggingface_hub import HfApi, InferenceClient
info = HfApi().model_info("alice/chat", expand=["inferenceProviderMapping"])
print(">", info.inference_provider_mapping)
InferenceClient(provider="together").text_generation("what", model="alice/chat")
"""
OF_A_SPACE = """
import os, sys
import httpx
import gradio, gradio.external
from gradio_client import Client

# gradio asks for a Space's host at an address of its own, whatever HF_ENDPOINT says.
def get(address, **rest):
    return httpx.get(address.replace("https://huggingface.co", os.environ["HF_ENDPOINT"]), **rest)

gradio.external.httpx = type("httpx", (), {{"get": staticmethod(get)}})
app = gradio.load("spaces/{}", token={!r})
_, address, _ = app.launch(prevent_thread_lock=True, quiet=True)
print(">", Client(address, verbose=False).predict("abc", api_name="/turn"), flush=True)
os._exit(0)
"""


def test_a_model_becomes_the_app_of_its_task(hub: LocalHub, tmp_path: Path) -> None:
    assert says(hub, OF_A_MODEL, tmp_path) == ["ChatInterface", "Interface", "Interface"]


def test_no_provider_serves_a_local_model_and_the_client_says_so(hub: LocalHub, tmp_path: Path) -> None:
    code, output = run(hub, NOBODY_SERVES_IT, tmp_path)
    assert code == 1
    assert "> []" in output
    assert "Model alice/chat is not supported by provider together" in output


def test_a_private_space_becomes_an_app_with_its_owners_token(hub: LocalHub, tmp_path: Path) -> None:
    space = OneSpace(hub)
    try:
        space.run(GRADIO)
        assert says(hub, OF_A_SPACE.format(space.id, hub.token("alice")), tmp_path / "owner") == ["cba"]
        code, output = run(hub, OF_A_SPACE.format(space.id, None), tmp_path / "stranger")
        assert code == 1
        assert "If it is a private or gated Space, please provide your Hugging Face access token" in output
    finally:
        space.delete()
