"""Finds rounded and cut edges in a prompt: `4 mm fillet`, `rounded corners (radius 5)`, `1 mm chamfer`."""

from typing import Any, Literal

from .reading import Q, Reading

SAID = r"(?:(?:with|of|by|to|a|at|radius|r|fillet|is) )*"
WHICH = r"(?:(?:vertical|outer|all|top|bottom|upright|the|edges|corners|and) ?)*"
FILLET = (
    rf"(?:with )?{Q} (?:corner |edge )?(?:fillet|rounding|corner radius)",
    rf"(?:with )?{Q} radius (?:on the )?(?:corners|fillet|edges)",
    rf"(?:fillet|corner radius)(?: edges| radius| size)?(?: ?(?:of|with|is|:|=|a|\())* ?{Q}(?: radius)?",
    rf"radius (?:of the )?corners?(?: ?(?:of|with|is|:|=|a|\())* ?{Q}",
    rf"rounded {WHICH}(?:[,(;] ?)?{SAID}{Q}(?: radius)?",
    rf"(?:corners|edges) (?:are |is |all )*rounded {SAID}{Q}(?: radius)?",
    rf"{Q} rounded (?:corners|edges)",
    rf"radius ?{Q} (?:corners|edges)",
    rf"(?:corners|edges) radius ?{Q}",
)
CHAMFER = (
    rf"(?:with )?{Q} (?:x <\d+> )?chamfer",
    rf"chamfer(?: (?:the|all|top|bottom|edges|corners|on|of|by|with|a|size|is))* ?(?:of |with |: ?|= ?)?{Q}",
)
ROUNDED = r"\b(?:rounded (?:vertical |outer |top )?(?:corners|edges)|fillet|corners rounded|edges rounded)\b"
CUT = r"\bchamfer\b"
USUAL = {"fillet": 2.0, "chamfer": 1.0}


def edges_in(reading: Reading) -> dict[str, Any] | None:
    """The kind, size in millimetres and place of the edges; None where none are asked for."""
    kind: Literal["fillet", "chamfer"]
    if (size := reading.length(*FILLET)) is not None or reading.take(ROUNDED):
        kind = "fillet"
    elif (size := reading.length(*CHAMFER)) is not None or reading.take(CUT):
        kind = "chamfer"
    else:
        return None
    return {
        "kind": kind,
        "size": reading.chose(
            "size of the rounded edges" if kind == "fillet" else "chamfer", USUAL[kind], size
        ),
        "where": _where(reading, kind),
    }


def _where(reading: Reading, kind: str) -> str:
    if reading.has("all (?:the |its |outer )?edges|edges all around|everywhere|all around"):
        return "all"
    if reading.has(
        "top (?:outer )?edges?|(?:upper|top) (?:side|face|rim)|(?:on|around) (?:the )?top(?: edges?| rim)?"
    ):
        return "top"
    if reading.has("bottom (?:outer )?edges?|(?:on|around|at) (?:the )?bottom(?: edges?)?"):
        return "bottom"
    if reading.has("corners|vertical|upright"):
        return "corners"
    return "corners" if kind == "fillet" and not reading.has("edges") else "all"
