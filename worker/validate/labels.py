"""The answer of a classifier, recognised by its content and not by the component that it came from."""

from pydantic import BaseModel, ConfigDict, JsonValue


class Labels(BaseModel):
    """A probability for each label."""

    model_config = ConfigDict(frozen=True)

    probabilities: dict[str, float]

    @property
    def top(self) -> str:
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    def distance(self, other: "Labels") -> float:
        """The largest difference of a probability. A label left out has at most the smallest one listed."""
        mine, theirs = self.probabilities, other.probabilities
        return max(
            abs(mine.get(label, min(mine.values())) - theirs.get(label, min(theirs.values())))
            for label in mine.keys() | theirs.keys()
        )


def labels_in(output: JsonValue) -> Labels | None:
    """A label with its probability, for each; None if the output is anything else."""
    confidences = output.get("confidences") if isinstance(output, dict) else None
    if not isinstance(confidences, list) or not confidences:
        return None
    found: dict[str, float] = {}
    for item in confidences:
        label, value = (item.get("label"), item.get("confidence")) if isinstance(item, dict) else (None, None)
        if not isinstance(label, str | int) or isinstance(value, bool) or not isinstance(value, int | float):
            return None
        found[str(label)] = float(value)
    return Labels(probabilities=found)
