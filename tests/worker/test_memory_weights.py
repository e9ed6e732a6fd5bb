"""Which files a loader opens, of repos that hold the same weights several times."""

import pytest

from tests.worker.recorded_models import NAMES, recorded
from worker.estimate import GB
from worker.loader import Loader, loader_of
from worker.weights import gguf_kind, weight_files


def files(*paths: str) -> dict[str, int]:
    return dict.fromkeys(paths, 1000)


OPENED = {
    "safetensors before its pickle twin": (
        Loader.TRANSFORMERS,
        files(
            "model.safetensors", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "onnx/model.onnx"
        ),
        {"model.safetensors"},
    ),
    "every shard of one set": (
        Loader.TRANSFORMERS,
        files("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "pytorch_model.bin"),
        {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"},
    ),
    "the whole file before the shards, as transformers does": (
        Loader.TRANSFORMERS,
        files("model.safetensors", "model-00001-of-00001.safetensors"),
        {"model.safetensors"},
    ),
    "no variant": (
        Loader.TRANSFORMERS,
        files(
            "model.safetensors",
            "model.fp32-00001-of-00002.safetensors",
            "model.fp32-00002-of-00002.safetensors",
        ),
        {"model.safetensors"},
    ),
    "a variant where there is nothing else": (
        Loader.DIFFUSERS,
        files("model_index.json", "unet/diffusion_pytorch_model.fp16.safetensors"),
        {"unet/diffusion_pytorch_model.fp16.safetensors"},
    ),
    "a pickle rather than a variant that nobody asked for": (
        Loader.TRANSFORMERS,
        files("model.fp16.safetensors", "pytorch_model.bin"),
        {"pytorch_model.bin"},
    ),
    "the author's own checkpoint is not for transformers": (
        Loader.TRANSFORMERS,
        files("model.safetensors", "consolidated.safetensors", "original/consolidated.00.pth"),
        {"model.safetensors"},
    ),
    "pickles where there is nothing else, without what training left": (
        Loader.TRANSFORMERS,
        files("pytorch_model.bin", "training_args.bin", "optimizer.pt", "rng_state.pth"),
        {"pytorch_model.bin"},
    ),
    "a model beside its open_clip twin": (
        Loader.TRANSFORMERS,
        files("model.safetensors", "open_clip_model.safetensors", "open_clip_pytorch_model.bin"),
        {"model.safetensors"},
    ),
    "the parts of a pipeline, not its root checkpoint": (
        Loader.DIFFUSERS,
        files(
            "model_index.json",
            "v1-5-pruned.safetensors",
            "unet/diffusion_pytorch_model.safetensors",
            "unet/diffusion_pytorch_model.non_ema.safetensors",
            "unet/openvino_model.bin",
            "text_encoder/model.safetensors",
            "text_encoder/pytorch_model.bin",
            "vae_decoder/openvino_model.bin",
            "lora/extra.safetensors",
        ),
        {"unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"},
    ),
    "a LoRA": (
        Loader.DIFFUSERS_LORA,
        files("pytorch_lora_weights.safetensors", "another.safetensors", "checkpoint-500/model.safetensors"),
        {"pytorch_lora_weights.safetensors"},
    ),
    "a LoRA under a name of its own": (
        Loader.DIFFUSERS_LORA,
        files("my style.safetensors", "images/1.png"),
        {"my style.safetensors"},
    ),
    "an adapter": (
        Loader.PEFT,
        files("adapter_model.safetensors", "adapter_model.bin", "checkpoint-1/adapter_model.safetensors"),
        {"adapter_model.safetensors"},
    ),
    "one quantisation": (
        Loader.GGUF,
        files(
            "m-Q2_K.gguf",
            "m-Q4_K_M.gguf",
            "m-Q8_0.gguf",
            "m-f16.gguf",
            "mmproj-Q4_K_M.gguf",
            "imatrix-Q4_K_M.gguf",
        ),
        {"m-Q4_K_M.gguf"},
    ),
    "a quantisation in one file before one in parts, which transformers does not open": (
        Loader.GGUF,
        files("m-q4_k_m-00001-of-00002.gguf", "m-q4_k_m-00002-of-00002.gguf", "m-q3_k_m.gguf", "m-q2_k.gguf"),
        {"m-q3_k_m.gguf"},
    ),
    "all parts of one quantisation": (
        Loader.GGUF,
        files("Q4_K_M/m-Q4_K_M-00001-of-00002.gguf", "Q4_K_M/m-Q4_K_M-00002-of-00002.gguf"),
        {"Q4_K_M/m-Q4_K_M-00001-of-00002.gguf", "Q4_K_M/m-Q4_K_M-00002-of-00002.gguf"},
    ),
    "shards that are counted with six digits": (
        Loader.TRANSFORMERS,
        files("model-00001-of-000002.safetensors", "model-00002-of-000002.safetensors", "other.safetensors"),
        {"model-00001-of-000002.safetensors", "model-00002-of-000002.safetensors"},
    ),
    "a GGUF file without a quantisation in its name": (Loader.GGUF, files("m.gguf"), {"m.gguf"}),
    "one ONNX file with its data": (
        Loader.ONNX,
        files("onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_quantized.onnx"),
        {"onnx/model.onnx", "onnx/model.onnx_data"},
    ),
    "the modules of a sentence-transformers model": (
        Loader.SENTENCE_TRANSFORMERS,
        files(
            "model.safetensors", "2_Dense/model.safetensors", "2_Dense/pytorch_model.bin", "onnx/model.onnx"
        ),
        {"model.safetensors", "2_Dense/model.safetensors"},
    ),
    "timm": (Loader.TIMM, files("model.safetensors", "pytorch_model.bin"), {"model.safetensors"}),
    "an unknown library: all that can be weights": (
        Loader.UNKNOWN,
        files("kokoro.pth", "voices/a.pt", "onnx/model.onnx", "openvino/int8.bin", "a/original/x.pth"),
        {"kokoro.pth", "voices/a.pt"},
    ),
    "nothing": (Loader.TRANSFORMERS, files("README.md", "config.json"), set()),
}


@pytest.mark.parametrize(("loader", "repo", "opened"), OPENED.values(), ids=OPENED)
def test_a_loader_opens_only_its_own_files(loader: Loader, repo: dict[str, int], opened: set[str]) -> None:
    assert set(weight_files(repo, loader).files) == opened


@pytest.mark.parametrize("loader", Loader)
def test_no_repo_breaks_a_loader(loader: Loader) -> None:
    odd = files(
        "", "..", "a//b.safetensors", "ü/💥.bin", "model-x-of-y.safetensors", ".gguf", "/model.onnx", "\n.pt"
    )
    assert weight_files(odd, loader).bytes >= 0
    assert weight_files({}, loader).files == {}


@pytest.mark.timeout(20)
def test_a_repo_of_very_many_folders_is_read_in_a_moment() -> None:
    many = files(*(f"{number}/model.bin" for number in range(30_000)))
    assert len(weight_files(many, Loader.UNKNOWN).files) == 30_000


@pytest.mark.parametrize(
    ("name", "gigabytes"),
    [
        ("whisper-large-v3", 3.09),
        ("whisper-small", 0.97),
        ("flux-1-dev", 33.7),
        ("sd15", 5.48),
        ("ltx-video", 28.4),
        ("llama-3.1-8b", 16.1),
        ("llama-3.1-8b-gguf", 4.92),
        ("gpt-oss-20b", 13.8),
        ("minilm", 0.09),
        ("bge-m3", 2.27),
        ("bert-base-uncased", 0.44),
        ("mixtral-8x7b", 93.4),
        ("musicgen-small", 2.36),
    ],
)
def test_of_a_real_repo_the_bytes_of_one_format_count(name: str, gigabytes: float) -> None:
    card = recorded(name).card
    opened = weight_files(card.files, loader_of(card)[0])
    assert opened.bytes / GB == pytest.approx(gigabytes, rel=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_every_real_repo_has_weights(name: str) -> None:
    card = recorded(name).card
    assert weight_files(card.files, loader_of(card)[0]).files


def test_a_pipeline_without_its_spare_parts_where_the_index_was_read() -> None:
    card = recorded("sdxl").card
    every = weight_files(card.files, Loader.DIFFUSERS)
    named = weight_files(card.files, Loader.DIFFUSERS, components=frozenset({"unet", "vae", "text_encoder"}))

    assert "vae_1_0/diffusion_pytorch_model.safetensors" in every.files
    assert "vae_1_0/diffusion_pytorch_model.safetensors" not in named.files


def test_a_16_bit_twin_of_half_the_size_tells_that_a_file_has_32_bits() -> None:
    opened = weight_files(recorded("sdxl").card.files, Loader.DIFFUSERS)
    assert opened.types["unet/diffusion_pytorch_model.safetensors"] == "F32"


@pytest.mark.parametrize(
    ("loader", "chosen"),
    [(Loader.GGUF, "m-Q8_0.gguf"), (Loader.ONNX, "b.onnx"), (Loader.DIFFUSERS_LORA, "b.safetensors")],
)
def test_the_file_that_an_app_names_itself_is_the_one(loader: Loader, chosen: str) -> None:
    repo = files("m-Q4_K_M.gguf", "m-Q8_0.gguf", "a.onnx", "b.onnx", "a.safetensors", "b.safetensors")
    assert set(weight_files(repo, loader, chosen=chosen).files) == {chosen}


def test_what_is_unsafe_or_a_choice_is_said() -> None:
    assert "pickles" in weight_files(files("pytorch_model.bin"), Loader.TRANSFORMERS).notes[0]
    assert (
        "Of 2 LoRA files a.safetensors is loaded."
        in weight_files(files("a.safetensors", "b.safetensors"), Loader.DIFFUSERS_LORA).notes[0]
    )
    assert (
        "Of 2 GGUF files the one in Q4_K_M is loaded."
        in weight_files(files("m-Q4_K_M.gguf", "m-Q2_K.gguf"), Loader.GGUF).notes[0]
    )


def test_one_header_of_each_part_tells_the_types() -> None:
    opened = weight_files(recorded("wan2.2-t2v").card.files, Loader.DIFFUSERS)
    assert opened.headers["transformer"] == "transformer/diffusion_pytorch_model-00001-of-00012.safetensors"
    assert set(opened.headers) == {"transformer", "transformer_2", "text_encoder", "vae"}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("x-Q4_K_M.gguf", "Q4_K_M"),
        ("x.q4_k_m.gguf", "Q4_K_M"),
        ("X-IQ4_XS.gguf", "IQ4_XS"),
        ("x-Q4_0.gguf", "Q4_0"),
    ],
)
def test_the_name_of_a_gguf_file_gives_its_quantisation(path: str, kind: str) -> None:
    assert gguf_kind(path) == kind
