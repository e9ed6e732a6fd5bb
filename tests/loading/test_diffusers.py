"""diffusers loads pipelines and adapters from the local Hub, unchanged."""

from pathlib import Path

from tests.harness.local_hub import LocalHub
from tests.loading.programs import says

PICTURES = """
import numpy, torch
from diffusers import AutoPipelineForText2Image, DiffusionPipeline

def paint(pipe):
    seed = torch.Generator().manual_seed(1)
    painted = pipe("a day", num_inference_steps=2, guidance_scale=1.0, generator=seed, output_type="np")
    return painted.images[0]

pipe = DiffusionPipeline.from_pretrained("alice/pictures")
plain = paint(pipe)
print(">", type(pipe).__name__, plain.shape[2])
print(">", type(AutoPipelineForText2Image.from_pretrained("alice/pictures")).__name__)
pipe.load_lora_weights("alice/style")
print("> the adapter changes it:", not numpy.allclose(plain, paint(pipe)))
"""


def test_a_pipeline_paints_and_an_adapter_changes_what(hub: LocalHub, tmp_path: Path) -> None:
    pipeline = "StableDiffusionPipeline"
    assert says(hub, PICTURES, tmp_path) == [f"{pipeline} 3", pipeline, "the adapter changes it: True"]
