"""Run by a Python that may get to run an app: says as JSON which of the requirements it lacks.

`requirements_check.py` reads {"requirements": text, "gradio": version or null} from standard input.
Any torch satisfies a requirement of torch: the platform's own differs from the one here in any case.
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.util import find_spec
from typing import Any

ANY_VERSION = frozenset({"torch", "torchvision", "torchaudio", "spaces"})


def missing(text: str) -> list[str]:
    """The lines that are not satisfied."""
    from packaging.requirements import InvalidRequirement, Requirement

    lacking = []
    for line in (each.partition(" #")[0].strip() for each in text.splitlines()):
        if not line or line.startswith(("#", "-")):
            continue
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            lacking.append(line)
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            lacking += [] if _satisfied(requirement) else [line]
    return lacking


def _satisfied(requirement: Any) -> bool:
    from packaging.utils import canonicalize_name

    name = canonicalize_name(requirement.name)
    if name in ANY_VERSION:
        return find_spec(name) is not None
    try:
        found = version(name)
    except PackageNotFoundError:
        return False
    return requirement.url is None and requirement.specifier.contains(found, prereleases=True)


def other_gradio(wished: str | None) -> str | None:
    """The Gradio found here if its major version is not the wished one, "" if there is none."""
    try:
        found = version("gradio")
    except PackageNotFoundError:
        return ""
    same = wished is None or found.partition(".")[0] == wished.partition(".")[0]
    return None if same else found


def main() -> None:
    asked = json.load(sys.stdin)
    answer = {
        "missing": missing(asked["requirements"]),
        "gradio": other_gradio(asked["gradio"]),
        "installed": sorted({f"{each.name}=={each.version}" for each in distributions() if each.name}),
        "paths": [path for path in sys.path if path.endswith("site-packages")],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
