"""`python -m making JOB.json`: writes the twin's two sets of weights, or says in a sentence why not."""

import json
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

from . import CannotMake
from .other_weights import shuffle_weights


def make(job: dict[str, Any]) -> int:
    """Fill the folders `first` and `other`; the number of weights that differ between them."""
    real, first, other = Path(job["real"]), Path(job["first"]), Path(job["other"])
    shutil.copytree(real, first)
    if not job["has_weights"]:
        _shrink(job, real, first)
    shutil.copytree(first, other)
    return shuffle_weights(other, job["weights"] if job["has_weights"] else [], job["seed"])


def _shrink(job: dict[str, Any], real: Path, first: Path) -> None:
    match job["loader"]:
        case "transformers":
            from .transformers_twin import make_transformers as write
        case "sentence-transformers":
            from .sentence_twin import make_sentence_transformers as write
        case "diffusers":
            from .diffusers_twin import make_diffusers as write
        case "peft":
            from .adapter_twin import make_peft as write
        case "diffusers-lora":
            from .adapter_twin import make_diffusers_lora as write
        case "gguf":
            from .gguf_twin import make_gguf as write
        case other:
            raise CannotMake(f"nobody has written how to make a small {other} model")
    write(real, first, job)


def main() -> int:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    try:
        answer: dict[str, Any] = {"weights": make(job)}
    except CannotMake as reason:
        answer = {"why_not": str(reason)}
    except Exception as error:  # the libraries raise anything, and each of it is a reason
        traceback.print_exc()
        line = (str(error).strip().splitlines() or [""])[0]
        answer = {"why_not": f"making it failed with {type(error).__name__}: {line[:200]}"}
    Path(job["answer"]).write_text(json.dumps(answer), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
