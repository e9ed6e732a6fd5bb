"""A model that works, and whose every word tries to be something else than words."""

import json
from pathlib import Path

from bot.localhub import zoo
from tests.harness.people import Person

SENTIMENT = Path(zoo.__file__).parent / "product-reviews-sentiment"
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(2)</script>"
LINK = "[click](javascript:alert(3))"
LABELS = (f"{IMAGE} bad", f"{SCRIPT} good-{'e' * 40}")
TEXTS = (f"{IMAGE} It broke, what a waste of money.", f"{SCRIPT} I love it, works great. {'so' * 60}")

CARD = f"""---
license: apache-2.0
library_name: onnx
pipeline_tag: text-classification
tags: ["{IMAGE}", "{SCRIPT}"]
widget:
- text: "{TEXTS[0]}"
- text: "{TEXTS[1]}"
---
# {SCRIPT}

{IMAGE} A model. {LINK}
"""


def put_hostile_model(person: Person) -> str:
    """The id of the model, in the person's own account."""
    model = f"{person.name}/hostile-{'long-' * 12}name"
    person.api.create_repo(model)
    config = json.loads((SENTIMENT / "config.json").read_text()) | {"id2label": dict(enumerate(LABELS))}
    own = {"README.md": CARD.encode(), "config.json": json.dumps(config).encode()}
    borrowed = {name: (SENTIMENT / name).read_bytes() for name in ("tokenizer.json", "onnx/model.onnx")}
    for path, content in (own | borrowed).items():
        person.api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=model)
    return model
