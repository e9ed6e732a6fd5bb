"""What a plan says: what would be built and why, on which hardware, how long it takes and what it costs.

It becomes `runtime_recommendation.json`, at the end of a `plan` and beside the files of every build. Pure.
"""

from pydantic import BaseModel, ConfigDict, Field

from worker.blueprints import Blueprint, Family
from worker.card import Card
from worker.errors import Blocker
from worker.estimate import GB, Estimate, Part, Place, in_gb
from worker.hardware import Choice, Obstacle, Option, Refused

SECONDS_OF_CALL = {
    Family.ENCODER: 2,
    Family.ONNX: 2,
    Family.SEQ2SEQ: 8,
    Family.SPEECH: 15,
    Family.LLM: 20,
    Family.DIFFUSION: 30,
    Family.VIDEO: 150,
}
"""Judgement, for cheap settings on the hardware that is chosen."""
CALLS = 5
"""What the judge asks: one example, the same again, another, another seed, and one spare."""
DOWNLOAD_PER_SECOND = GB // 10
NON_COMMERCIAL = ("non-commercial", "noncommercial", "-nc", "research")


class Build(BaseModel):
    """What would be built."""

    model_config = ConfigDict(frozen=True)

    blueprint: str | None
    title: str | None
    reason: str
    loads: dict[str, int]
    """The weights that the app opens: size in bytes by path."""
    packages: tuple[str, ...] = ()
    """What the requirements need for the way the weights are packed."""


class Memory(BaseModel):
    """Bytes that are needed, each with its parts."""

    model_config = ConfigDict(frozen=True)

    parameters: int
    active_parameters: int
    computes_in: str
    gpu_bytes: int
    gpu: tuple[Part, ...]
    cpu_bytes: int
    cpu: tuple[Part, ...]
    loading_bytes: int
    loading: tuple[Part, ...]
    disk_bytes: int
    disk: tuple[Part, ...]


class Hardware(BaseModel):
    """The choice, and what else there is."""

    model_config = ConfigDict(frozen=True)

    flavor: str | None
    size: str | None
    usd_per_hour: float | None
    sleep_seconds: int | None
    reason: str
    alternatives: tuple[Option, ...]
    refusals: tuple[Refused, ...]


class Minutes(BaseModel):
    """How long one thing takes; expected, not measured."""

    model_config = ConfigDict(frozen=True)

    what: str
    minutes: float


class Expected(BaseModel):
    """Time and money of a build on the hardware that is chosen, or else on the best that may be allowed."""

    model_config = ConfigDict(frozen=True)

    flavor: str
    minutes: float
    parts: tuple[Minutes, ...]
    job_usd: float | None
    space_usd: float | None
    """For the build, and until the Space sleeps."""


class Recommendation(BaseModel):
    """`runtime_recommendation.json`."""

    model_config = ConfigDict(frozen=True)

    model_id: str
    revision: str
    build: Build
    memory: Memory | None
    hardware: Hardware | None
    expected: Expected | None
    risks: tuple[str, ...] = ()
    blockers: tuple[Blocker, ...] = Field(default=())


def recommend(
    card: Card,
    reason: str,
    *,
    blueprint: Blueprint | None = None,
    estimate: Estimate | None = None,
    choice: Choice | None = None,
    blockers: tuple[Blocker, ...] = (),
    job_usd_per_hour: float | None = None,
) -> Recommendation:
    """The recommendation, as far as the plan came. `reason` says why this blueprint, or why none."""
    best = _best(choice)
    named = {blocker.code for blocker in blockers}
    return Recommendation(
        model_id=card.model_id,
        revision=card.revision,
        build=_build(blueprint, reason, estimate),
        memory=estimate and _memory(estimate),
        hardware=choice and _hardware(choice),
        expected=_expected(estimate, best, job_usd_per_hour) if estimate and best else None,
        risks=risks(card, estimate, choice),
        blockers=(*blockers, *(each for each in _blockers(choice) if each.code not in named)),
    )


def risks(card: Card, estimate: Estimate | None, choice: Choice | None) -> tuple[str, ...]:
    """What may go wrong or surprise, a sentence each."""
    found = list(estimate.notes) if estimate else []
    if card.needs_own_code:
        found.append("The model brings code of its own, which runs in the Space.")
    elif card.brings_own_code:
        found.append("The model brings code of its own, which runs only with trust-remote-code=yes.")
    if card.gated:
        found.append("The model is gated: the Space reads it with your access, and stops when that ends.")
    if any(word in (card.license or "").lower() for word in NON_COMMERCIAL):
        found.append(f"Its licence, {card.license}, does not allow every use.")
    best = _best(choice)
    if estimate and best:
        found += _risks_of_hardware(estimate, best)
    return tuple(dict.fromkeys(found))


def _best(choice: Choice | None) -> Option | None:
    """What is chosen, or what the requester would have to allow."""
    if choice is None:
        return None
    return choice.chosen or next(iter(choice.alternatives), None)


def _risks_of_hardware(estimate: Estimate, chosen: Option) -> list[str]:
    found = []
    if chosen.place is Place.ZERO_GPU:
        found.append("Each visitor has some minutes of ZeroGPU a day, and a call has a time limit.")
        if estimate.weights_on_gpu > 30 * GB:
            found.append(
                "ZeroGPU packs the weights on disk when the app starts; large models have failed there."
            )
        if chosen.size == "xlarge":
            found.append("A call uses the visitor's ZeroGPU minutes twice as fast.")
    if chosen.usd_per_hour != 0:
        minutes = (chosen.sleep_seconds or 0) // 60
        found.append(f"It costs money while it is awake; it sleeps after {minutes} minutes without a visit.")
    if estimate.family is Family.VIDEO:
        found.append("Videos take minutes each, and more memory the longer and larger they are.")
    return found


def _build(blueprint: Blueprint | None, reason: str, estimate: Estimate | None) -> Build:
    packed = estimate.quantisation if estimate else None
    return Build(
        blueprint=blueprint and blueprint.name,
        title=blueprint and blueprint.title,
        reason=reason,
        loads=estimate.files if estimate else {},
        packages=packed.packages if packed else (),
    )


def _memory(estimate: Estimate) -> Memory:
    return Memory(
        parameters=estimate.parameters,
        active_parameters=estimate.active_parameters,
        computes_in=estimate.computes_in,
        gpu_bytes=estimate.gpu_bytes,
        gpu=estimate.gpu,
        cpu_bytes=estimate.cpu_bytes,
        cpu=estimate.cpu,
        loading_bytes=estimate.loading_bytes,
        loading=estimate.loading,
        disk_bytes=estimate.disk_bytes,
        disk=estimate.disk,
    )


def _hardware(choice: Choice) -> Hardware:
    chosen = choice.chosen
    return Hardware(
        flavor=chosen and chosen.flavor,
        size=chosen and chosen.size,
        usd_per_hour=chosen and chosen.usd_per_hour,
        sleep_seconds=chosen and chosen.sleep_seconds,
        reason=choice.reason,
        alternatives=choice.alternatives,
        refusals=choice.refusals,
    )


def _expected(estimate: Estimate, chosen: Option, job_usd_per_hour: float | None) -> Expected:
    weights = estimate.disk_bytes - estimate.disk[-1].bytes
    seconds = {
        "the Job starts and reads the model": 60,
        "the Space's environment is built": 120 if estimate.family is Family.ONNX else 300,
        f"{in_gb(weights)} are downloaded": weights // DOWNLOAD_PER_SECOND,
        "the app loads the model": estimate.loading_seconds,
        f"{CALLS} calls are judged": CALLS * SECONDS_OF_CALL[estimate.family],
    }
    minutes = sum(seconds.values()) / 60
    awake = minutes + (chosen.sleep_seconds or 0) / 60
    return Expected(
        flavor=chosen.flavor,
        minutes=round(minutes, 1),
        parts=tuple(Minutes(what=what, minutes=round(each / 60, 1)) for what, each in seconds.items()),
        job_usd=_cost(job_usd_per_hour, minutes),
        space_usd=_cost(chosen.usd_per_hour, awake),
    )


def _cost(usd_per_hour: float | None, minutes: float) -> float | None:
    return None if usd_per_hour is None else round(usd_per_hour * minutes / 60, 3)


def _blockers(choice: Choice | None) -> tuple[Blocker, ...]:
    """Only what no permission can solve blocks; the rest is for the requester to allow."""
    if choice is None or choice.obstacle in {None, Obstacle.NOT_ALLOWED}:
        return ()
    tried = "; ".join(f"{each.flavor}: {each.reason}" for each in choice.refusals)
    return (Blocker(code=str(choice.obstacle), message=choice.reason, tried=tried),)
