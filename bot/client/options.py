"""The options of each command, with the words that `--help` says; a test holds them to the API."""

from typing import Annotated, Any, TypedDict


class RetryOptions(TypedDict, total=False):
    mode: Annotated[str, "how far: full-inference-gated, full-inference-attempt, safe-scaffold"]
    hardware: Annotated[str, "what the Space runs on, like cpu-basic or zero-a10g"]
    fallback: Annotated[str, "what may be paid for where nothing free fits: none, any or a hardware"]
    budget: Annotated[float, "the most that this run may cost you, in dollars"]
    trust_remote_code: Annotated[bool, "let the model's own Python run in the Space"]


class RebuildOptions(RetryOptions, total=False):
    rev: Annotated[str, "which version of the model: a commit, tag or branch"]
    author: Annotated[str, "who writes the app where no blueprint fits: none, pi, direct"]
    author_mode: Annotated[str, "what the author is asked for, like universal or smoke"]
    author_model: Annotated[str, "which language model writes, like owner/model"]
    force: Annotated[bool, "also if nothing has changed"]


class BuildOptions(RebuildOptions, total=False):
    name: Annotated[str, "what the Space is called"]
    org: Annotated[str, "an organisation of yours, where the Space is created"]


class PlanOptions(TypedDict, total=False):
    rev: Annotated[str, "which version of the model: a commit, tag or branch"]
    hardware: Annotated[str, "what the Space would run on, like cpu-basic or zero-a10g"]
    fallback: Annotated[str, "what might be paid for where nothing free fits: none, any or a hardware"]
    budget: Annotated[float, "the most that it may cost you, in dollars"]


class ValidateOptions(TypedDict, total=False):
    api: Annotated[str, "which endpoint to call, like /generate"]
    args: Annotated[list[Any], "its inputs in order, as a JSON list"]
    kwargs: Annotated[dict[str, Any], "its inputs by name, as a JSON object"]
    type: Annotated[str, "what the answer should be: text, labels, data, image, audio, video, …"]
    wait: Annotated[int, "how many seconds the Space may take to wake up"]
    budget: Annotated[float, "the most that this run may cost you, in dollars"]


class WatchOptions(RetryOptions, total=False):
    on: Annotated[str, "what is waited for: tag, main or both"]
    only: Annotated[str, "which git tags count, like v*"]
    max: Annotated[int, "how often a day it may build"]
    alone: Annotated[bool, "show how to do it without the bot"]


OPTIONS: dict[str, type] = {
    "build": BuildOptions,
    "rebuild": RebuildOptions,
    "plan": PlanOptions,
    "validate": ValidateOptions,
    "watch": WatchOptions,
    "retry": RetryOptions,
}
