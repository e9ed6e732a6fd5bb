"""Which hardware each recorded model should get, and why people use that."""

from typing import NamedTuple

from worker.hardware import Obstacle


class Expected(NamedTuple):
    """The hardware that is chosen when nothing may cost money; the memory it needs, in GB, within bounds;
    and the cheapest fixed GPU for when ZeroGPU is refused."""

    flavor: str
    size: str | None
    least: float
    most: float
    fixed_gpu: str | None
    why: str


CPU, ZERO = "cpu-basic", "zero-a10g"
PAID, TOO_LARGE, NONE = Obstacle.NOT_ALLOWED, Obstacle.TOO_LARGE, Obstacle.NOT_POSSIBLE
EXPECTED = {
    "bert-base-uncased": Expected(CPU, None, 1, 2, "t4-small", "110 M parameters, of eight formats one"),
    "bge-m3": Expected(
        CPU, None, 4, 6, "t4-small", "568 M parameters, as a pickle: twice 2.3 GB while loading"
    ),
    "cogvideox-5b": Expected(
        ZERO, "large", 27, 35, "l40sx1", "its card measures 26 GB in bf16 without tiling"
    ),
    "cross-encoder": Expected(CPU, None, 0.7, 1.2, "t4-small", "23 M parameters"),
    "deepseek-v3": Expected(TOO_LARGE, None, 690, 800, None, "689 GB in FP8: no machine of one GPU"),
    "depth-anything-v2-small": Expected(CPU, None, 0.7, 1.2, "t4-small", "25 M parameters"),
    "detr-resnet-50": Expected(CPU, None, 0.8, 1.3, "t4-small", "42 M parameters"),
    "florence-2-large": Expected(CPU, None, 3, 4.5, "t4-small", "0.77 B parameters in a 16-bit pickle"),
    "flux-1-dev": Expected(
        ZERO, "large", 36, 43, "l40sx1", "34 GB of parts, not the 24 GB root file besides"
    ),
    "flux-1-schnell": Expected(ZERO, "large", 36, 43, "l40sx1", "as FLUX.1-dev"),
    "flux-lora": Expected(
        ZERO, "large", 36, 43, "l40sx1", "its base and 0.6 GB; the base's root file is no disk"
    ),
    "gpt-oss-20b": Expected(ZERO, "large", 14, 18, "l4x1", "14 GB in mxfp4; its card says 16 GB"),
    "kokoro": Expected(CPU, None, 1, 2, "t4-small", "82 M parameters"),
    "llama-3.1-8b": Expected(ZERO, "large", 17, 20, "l4x1", "16 GB in bf16, without original/"),
    "llama-3.1-8b-gguf": Expected(
        ZERO, "large", 17, 22, "a10g-large", "unpacked to 16 GB, over 26 GB of RAM"
    ),
    "longcat-video": Expected(
        ZERO, "xlarge", 43, 60, "a100-large", "13.6 B and a 5.7 B text encoder in bf16"
    ),
    "ltx-video": Expected(ZERO, "large", 20, 26, "l40sx1", "14 GB of parts in bf16, of 100 GB in the repo"),
    "minilm": Expected(CPU, None, 0.7, 1.2, "t4-small", "23 M parameters"),
    "mixtral-8x7b": Expected(TOO_LARGE, None, 95, 110, None, "all experts are in memory: 93 GB"),
    "mms-tts-eng": Expected(CPU, None, 1, 1.6, "t4-small", "36 M parameters"),
    "musicgen-small": Expected(
        ZERO, "large", 3.5, 6, "t4-small", "a CPU takes minutes for some seconds of music"
    ),
    "nllb-200-600m": Expected(CPU, None, 5, 6.5, "t4-small", "615 M parameters, as a pickle"),
    "opus-mt-en-de": Expected(CPU, None, 1, 1.6, "t4-small", "75 M parameters"),
    "parakeet-tdt-0.6b": Expected(ZERO, "large", 3.5, 6, "t4-small", "0.6 B parameters that listen"),
    "qwen2.5-32b-awq": Expected(
        ZERO, "large", 21, 25, "l40sx1", "19 GB in 4 bits is too much for an L4's 24"
    ),
    "qwen2.5-vl-7b": Expected(ZERO, "large", 17, 21, "l4x1", "16.6 GB in bf16"),
    "qwen3-0.6b": Expected(CPU, None, 2.5, 3.5, "l4x1", "small enough to chat on a CPU; bf16, so no T4"),
    "qwen3-32b": Expected(PAID, None, 67, 75, "a100-large", "65.5 GB: ZeroGPU has no disk for two copies"),
    "qwen3-8b": Expected(ZERO, "large", 17, 21, "l4x1", "16.4 GB in bf16"),
    "qwen3-8b-mlx": Expected(NONE, None, 5, 8, None, "nothing on a Space opens MLX"),
    "sam-vit-base": Expected(CPU, None, 1, 1.6, "t4-small", "94 M parameters"),
    "sam-vit-huge": Expected(ZERO, "large", 3, 5, "t4-small", "a mask for every point takes a CPU minutes"),
    "sd15": Expected(ZERO, "large", 4, 6, "l4x1", "2.7 GB in bf16, of 40 GB in the repo"),
    "sdxl": Expected(ZERO, "large", 8, 11, "l4x1", "7 GB in bf16, of 90 GB in the repo"),
    "timm-resnet50": Expected(CPU, None, 0.7, 1.2, "t4-small", "26 M parameters"),
    "wan2.2-i2v": Expected(
        PAID, None, 75, 86, "rtx-pro-6000", "two experts of 14 B: its card asks for 80 GB"
    ),
    "wan2.2-t2v": Expected(
        PAID, None, 75, 86, "rtx-pro-6000", "as the other; stored in 32 bits, 126 GB of disk"
    ),
    "whisper-large-v3": Expected(ZERO, "large", 4.5, 6, "t4-small", "1.5 B parameters are slow on a CPU"),
    "whisper-small": Expected(CPU, None, 2, 3, "t4-small", "242 M parameters, of four formats one"),
    "bark": Expected(ZERO, "large", 6, 8, "t4-small", "1.1 B parameters that speak, as one pickle of many"),
    "bart-large-cnn": Expected(CPU, None, 2.5, 3.5, "t4-small", "406 M parameters, of five formats one"),
    "blip-large": Expected(CPU, None, 2.8, 3.8, "t4-small", "470 M parameters, of three formats one"),
    "clip-large": Expected(CPU, None, 2.5, 3.2, "t4-small", "428 M parameters, of four formats one"),
    "deepseek-r1": Expected(TOO_LARGE, None, 690, 800, None, "as DeepSeek-V3"),
    "deepseek-r1-distill-7b": Expected(ZERO, "large", 16, 19, "l4x1", "15 GB in bf16"),
    "distilbert-sst2-onnx": Expected(CPU, None, 0.9, 1.4, None, "67 M parameters; ONNX needs no GPU"),
    "e5-large": Expected(CPU, None, 3, 4, "t4-small", "560 M parameters, of three formats one"),
    "flux-kontext": Expected(ZERO, "large", 36, 43, "l40sx1", "as FLUX.1-dev"),
    "gemma-3-1b-it": Expected(CPU, None, 2.8, 3.8, "l4x1", "1 B parameters in bf16"),
    "gemma-3-4b-it": Expected(ZERO, "large", 9.5, 12, "l4x1", "8.6 GB in bf16"),
    "hunyuanvideo": Expected(ZERO, "xlarge", 45, 60, "a100-large", "its authors ask for 45 to 60 GB"),
    "hunyuanvideo-original": Expected(
        ZERO, "large", 24, 34, "a100-large", "39.8 GB of pickles of nobody's library, taken for 32 bits"
    ),
    "jina-v3": Expected(CPU, None, 1.8, 2.6, "l4x1", "572 M parameters in bf16"),
    "llama-2-7b-gptq": Expected(ZERO, "large", 6, 9, "t4-small", "3.9 GB in 4 bits, and a cache of 2 GB"),
    "llama-3.1-8b-awq": Expected(ZERO, "large", 7, 9, "t4-small", "5.7 GB in 4 bits"),
    "llama-3.2-1b-bnb": Expected(ZERO, "large", 1.8, 3, "l4x1", "1 GB in 4 bits, whose kernels need a GPU"),
    "llama-3.3-70b-gguf": Expected(TOO_LARGE, None, 150, 175, None, "70 B parameters, unpacked to 141 GB"),
    "lora-on-llama": Expected(ZERO, "large", 17, 20, "l4x1", "its base, and 14 MB"),
    "mistral-7b": Expected(ZERO, "large", 16, 18, "l4x1", "14.5 GB in bf16, not its consolidated twin"),
    "mistral-7b-gguf": Expected(ZERO, "large", 16, 19, "l4x1", "unpacked to 14.4 GB, over 23 GB of RAM"),
    "qwen-image": Expected(PAID, None, 62, 70, "a100-large", "57.7 GB: ZeroGPU has no disk for two copies"),
    "qwen2.5-0.5b-onnx": Expected(CPU, None, 2, 4.5, None, "half a billion parameters as one ONNX file"),
    "qwen2.5-7b-gguf": Expected(ZERO, "large", 16, 20, "l4x1", "the one quantisation of use in one file"),
    "qwen3-235b-a22b": Expected(TOO_LARGE, None, 470, 520, None, "470 GB in bf16"),
    "qwen3-30b-a3b": Expected(PAID, None, 62, 70, "a100-large", "61 GB: all experts are in memory"),
    "qwen3-8b-fp8": Expected(ZERO, "large", 10.5, 13, "l4x1", "9.4 GB; FP8 needs an Ada GPU or newer"),
    "qwen3-8b-gguf": Expected(ZERO, "large", 18, 21, "a10g-large", "unpacked to 16.6 GB, over 26 GB of RAM"),
    "qwen3-vl-8b": Expected(ZERO, "large", 18.5, 22, "l4x1", "17.5 GB in bf16"),
    "sd3.5-large": Expected(
        ZERO, "large", 28, 35, "l40sx1", "27.6 GB of parts, not its spare text_encoders/"
    ),
    "sdxl-lora": Expected(ZERO, "large", 8, 11, "l4x1", "its base, and 0.2 GB"),
    "speecht5": Expected(CPU, None, 1.5, 2.5, "t4-small", "146 M parameters, as a pickle"),
    "svd-xt": Expected(ZERO, "large", 12, 16, "l4x1", "4.5 GB in bf16, of 32 GB in the repo"),
    "timm-vit-base": Expected(CPU, None, 1, 1.5, "t4-small", "87 M parameters"),
    "wan2.2-ti2v-5b": Expected(ZERO, "large", 28, 36, "l40sx1", "10 GB and its text encoder in bf16"),
    "whisper-large-v3-turbo": Expected(ZERO, "large", 2.8, 4, "t4-small", "0.8 B parameters that listen"),
    "xlm-roberta-base": Expected(CPU, None, 1.8, 2.5, "t4-small", "278 M parameters, of five formats one"),
    "z-image-turbo": Expected(ZERO, "large", 22, 27, "l40sx1", "stored in 32 bits, 20.5 GB in bf16"),
}
