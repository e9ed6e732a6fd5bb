"""What each family came to, as a table."""

from pydantic import BaseModel, ConfigDict

HEADS = ("model", "blueprint", "verdict", "weights", "job s", "start s", "call s", "peak MB")


class Row(BaseModel):
    """One model: seconds of the whole Job, of the wait until the Space was healthy, and of a median call."""

    model_config = ConfigDict(frozen=True)

    model: str
    blueprint: str
    verdict: str
    weights: str
    job_seconds: float
    start_seconds: float
    call_seconds: float
    peak_megabytes: int
    """Of the Space's app; 0 where it could not be read."""

    def cells(self) -> tuple[str, ...]:
        numbers = (self.job_seconds, self.start_seconds, self.call_seconds)
        said = (self.model, self.blueprint, self.verdict, self.weights)
        return (*said, *(f"{number:.1f}" for number in numbers), str(self.peak_megabytes))


def table(rows: list[Row]) -> str:
    """Markdown, in the order of the models' names."""
    lines = [
        HEADS,
        tuple("---" for _ in HEADS),
        *(row.cells() for row in sorted(rows, key=lambda row: row.model)),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
