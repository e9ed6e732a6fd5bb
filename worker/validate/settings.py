"""Values for the inputs that are no content: as the author set them, only cheaper where that costs time."""

import re

from pydantic import JsonValue

from worker.validate.app import Parameter

SEED = re.compile(r"\bseed\b")
RANDOM_SEED = re.compile(r"rand\w* .*seed|seed .*rand\w*|randomi[sz]e")
SAMPLING = re.compile(r"temperature|top [pk]\b|\bsampl|creativity")
CAPS: tuple[tuple[str, float], ...] = (
    (r"\bsteps?\b", 4),
    (r"frames?\b(?! (rate|per))", 5),
    (r"\bmin\w* .*(token|length|word)", 1),
    (r"(max|new|longest).*(token|length|word)|(token|length)s?.*max|\btokens\b|longest", 24),
    (r"\bbeams?\b", 1),
    (r"threshold|confidence|min\w* .*score", 0.02),
    (r"\b(width|height|resolution)\b", 512),
    (r"(number|num|how many) .*(images|samples|videos|outputs)|batch", 1),
    (r"\b(duration|seconds)\b", 2),
)
WORK = re.compile(
    r"\bsteps?\b|frames?\b|(max|new|longest).*(token|length)|\btokens\b|longest|duration|seconds"
)
"""The ones that a call takes longer in proportion to."""
MEDIA = frozenset(
    {"image", "imageeditor", "imageslider", "gallery", "audio", "video", "file", "uploadbutton"}
)


def is_seed(parameter: Parameter) -> bool:
    fits = parameter.component in {"number", "slider", "textbox"}
    return fits and bool(SEED.search(parameter.key)) and not RANDOM_SEED.search(parameter.key)


def samples(parameter: Parameter) -> bool:
    """Whether the input says that the app draws its answer by lot."""
    return bool(SAMPLING.search(parameter.key))


def seed_value(parameter: Parameter, number: int) -> JsonValue:
    """The first seed, or the other one."""
    value = int(_within(number, parameter))
    return str(value) if parameter.component == "textbox" else value


def number_value(parameter: Parameter) -> float:
    """The author's number, capped where it costs time."""
    value = full_value(parameter)
    caps = (cap for pattern, cap in CAPS if re.search(pattern, parameter.key))
    cap = next(caps, None)
    return _within(value if cap is None else min(value, cap), parameter)


def full_value(parameter: Parameter) -> float:
    """The author's number: the default, else what the page shows, else the least."""
    for value in (parameter.parameter_default, parameter.value, parameter.minimum):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
    return 1


def saved(parameter: Parameter) -> float:
    """How many times longer a call takes with the author's number than with ours."""
    if parameter.component not in {"number", "slider"} or not WORK.search(parameter.key):
        return 1.0
    return max(1.0, full_value(parameter) / (number_value(parameter) or 1.0))


def choice_value(parameter: Parameter, number: int = 0) -> JsonValue:
    """The author's choice, else the first; with a number, another one."""
    shown = parameter.parameter_default if parameter.parameter_has_default else parameter.value
    options = [each for each in parameter.choices if each != shown]
    if number and options:
        shown = options[(number - 1) % len(options)]
    elif shown is None or shown == []:
        shown = parameter.choices[0] if parameter.choices else None
    return [shown] if parameter.takes_list and not isinstance(shown, list) else shown


def _within(value: float, parameter: Parameter) -> float:
    """The nearest number that the input takes."""
    low, high, step = parameter.minimum, parameter.maximum, parameter.step
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    if step and low is not None:
        value = low + round((value - low) / step) * step
        value = value if high is None else min(value, high)
    whole = round(value, 6)
    return int(whole) if whole == int(whole) else whole
