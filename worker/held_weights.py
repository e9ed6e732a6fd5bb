"""How many bytes a model's weights take once they are held in memory in a given type. Pure; no I/O."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from worker.blueprints import Family
from worker.card import Card
from worker.loader import Loader, matches
from worker.quantisation import Quantisation
from worker.weights import PICKLES, WeightFiles, folder_of, gguf_kind

BYTES_OF = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}
"""By the type as safetensors names it; every other type has one byte."""
PACKED = frozenset({"U8", "I8", "I32", "U32"})
TYPE_OF = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"}
"""By the type as config.json names it."""
GGUF_BITS = {"Q2": 3.0, "Q3": 3.9, "IQ3": 3.7, "Q4": 4.85, "IQ4": 4.4, "Q5": 5.7, "Q6": 6.6, "Q8": 8.5}
"""Bits for each parameter, with the scales."""
RUNS_IN_BF16 = frozenset({Family.DIFFUSION, Family.VIDEO})
"""Families whose apps ask for bf16 on a GPU and for F32 on a CPU; the others load what is stored."""


class HeldWeights(BaseModel):
    """The weights that a loader opens, and what is known of their numbers."""

    model_config = ConfigDict(frozen=True)

    card: Card
    loader: Loader
    family: Family
    opened: WeightFiles
    quantisation: Quantisation | None
    types: dict[str, str] = {}
    """The type of the numbers by path or folder, where it is known."""

    @property
    def stored(self) -> str:
        """The type of most numbers in the files."""
        counted = self.card.parameters or {
            kind: list(self.types.values()).count(kind) for kind in self.types.values()
        }
        if counted:
            return max(counted, key=lambda kind: counted[kind])
        if self._configured and self.loader is Loader.TRANSFORMERS:
            return self._configured  # what a model was saved in, as far as anyone knows
        return "F32" if self.opened.pickled or self.family is Family.ONNX else "BF16"

    @property
    def parameters(self) -> int:
        if self.loader is Loader.GGUF:
            return int(self.opened.bytes * 8 / _gguf_bits(self.opened.files))
        if self.quantisation and not self.card.parameters:
            return int(self.opened.bytes * 8 / self.quantisation.bits)
        sizes = self.opened.files.items()
        counted = sum(self._unpacked(kind, count) for kind, count in self.card.parameters.items())
        return counted or sum(size // BYTES_OF.get(self._type(path), 1) for path, size in sizes)

    @property
    def on_gpu(self) -> str | None:
        """The type that the app gives the weights on a GPU; None where they stay as they are stored."""
        if self.quantisation:
            return None
        if self.loader is Loader.GGUF or self.family in RUNS_IN_BF16:
            return "BF16"
        return self._configured if self.loader is Loader.TRANSFORMERS else None

    @property
    def on_cpu(self) -> str | None:
        return "F32" if self.family in RUNS_IN_BF16 else self.on_gpu

    @property
    def computes_in(self) -> str:
        """The type of what is computed on a GPU. Packed numbers are unpacked to what the config says."""
        if self.quantisation:
            return self._configured or "BF16"
        return self.on_gpu or self.stored

    @property
    def _configured(self) -> str | None:
        return TYPE_OF.get(str(self.card.config.get("dtype") or self.card.config.get("torch_dtype")))

    @property
    def pickled_bytes(self) -> int:
        return sum(size for path, size in self.opened.files.items() if matches(path, PICKLES))

    def bytes_as(self, kind: str | None) -> int:
        """Bytes of the weights in this type; as they are stored if None."""
        if kind is None:
            return self.opened.bytes
        width = BYTES_OF.get(kind, 1)
        if self.loader is Loader.GGUF:
            return self.parameters * width
        sizes = self.opened.files.items()
        return sum(size * width // BYTES_OF.get(self._type(path), 1) for path, size in sizes)

    def doubts(self) -> tuple[str, ...]:
        """What is not known or easily overlooked."""
        found = []
        if self.loader is Loader.DIFFUSERS and not self.types:
            found.append(
                "Whether the files hold 16 or 32 bits is not known; 16 is assumed, which is the larger need."
            )
        if self.loader is Loader.GGUF:
            found.append("The GGUF file is unpacked to 16 bits when it is loaded, so it saves no memory.")
        if self.quantisation and self.quantisation.packages:
            packages = " and ".join(self.quantisation.packages)
            found.append(
                f"The weights are packed with {self.quantisation.method}: the app installs {packages}."
            )
            if "gptqmodel" in self.quantisation.packages:
                found.append(
                    "gptqmodel may be compiled while the Space is built, which can take long or fail."
                )
        if self.loader is Loader.UNKNOWN:
            found.append("No library is known for these files; every one that may hold weights is counted.")
        return tuple(found)

    def _unpacked(self, kind: str, count: int) -> int:
        """Quantised parameters lie several in one number, and the Hub counts the numbers."""
        if self.quantisation is None or kind not in PACKED:
            return count
        return int(count * BYTES_OF.get(kind, 1) * 8 / self.quantisation.bits)

    def _type(self, path: str) -> str:
        return self.types.get(path) or self.types.get(folder_of(path)) or self.stored


def _gguf_bits(files: Mapping[str, int]) -> float:
    kind = gguf_kind(min(files, default="")) or "Q4"
    if kind.endswith(("F16", "F32")):
        return 32 if kind == "F32" else 16
    return GGUF_BITS[kind.split("_")[0]]
