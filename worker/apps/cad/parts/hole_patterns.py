"""How people write of holes: the words before `holes`, and the pieces that follow."""

import re

N = r"<\d+>"
ADJECTIVE = (
    r"(?:corners?|mounting|through|thru|bolt|screw|clearance|small|drilled|center|central|fixing|pilot|evenly"
    r"|equally|spaced|drill|wide|of|diameter|in|large|vertical|equal|rounded|blind|countersunk|counterbored"
    r"|holes?) "
)
SIDE = "top|bottom|front|back|rear|left|right"
GRID = r"(?:grid|pattern|rows?)"
HOLES = re.compile(
    rf"(?:(?P<deep>{N}) deep )?(?P<each>each (?:leg |side )?)?"
    rf"(?:(?P<rows>{N}) (?:(?:x|by) (?P<columns>{N}) (?:rectangular )?{GRID}"
    rf"|rows (?:of|with) (?P<columns2>{N}))"
    r" (?:(?:of|with) )*)?"
    rf"(?:(?P<first>{N}) (?:x )?)?"
    rf"(?P<before>(?:{ADJECTIVE})*?)(?:(?P<second>{N}) )?"
    rf"(?P<after>(?:{ADJECTIVE})*?)(?P<word>holes?)\b"
)
NOT_ITS_SIZE = (
    r"(?! ?(?:thick|tall|high|long|wide|height|length|width|x |by |fillet|radius|chamfer|from|apart"
    r"|bolt circle|wall|corner|teeth|module|spacing|holes?|mounting|deep|legs?|square|bore"
    r"|countersunk|counterbored|slot|cutout))"
)
IN_FRONT = tuple(
    f" {word}" for word in ("flange", "plate", "bracket", "disc", "circular", "square", "rounded")
)
ENDS = r"(?= ?(?:[,.;)]|$|in |at |on |each|diameter|and |with |countersunk|counterbored))"
PIECES = {
    "count": re.compile(rf"^ ?[,:]? ?(?P<count>{N}) x (?P<size>{N}){NOT_ITS_SIZE}"),
    "size": re.compile(
        rf"^ ?(?:(?:each|with|of|a|all|both|are|is|for) )*(?:diameter )?(?:of |is |: ?|= ?)?(?P<size>{N})"
        rf"{NOT_ITS_SIZE}(?: ?(?:in )?(?:diameter|screws?|bolts?))?(?: each)?"
    ),
    "aside": re.compile(
        rf"^ ?[,(] ?(?:(?:each|of|all|both|with|a) )*(?:diameter )?(?:of )?(?P<size>{N}){NOT_ITS_SIZE}{ENDS}"
        r"(?: ?(?:in )?diameter)?(?: each)? ?\)?"
    ),
    "head": re.compile(
        rf"^ ?[,(]? ?(?:(?:with|a|and|that|are|is) )*(?:(?P<head>{N}) )?(?P<kind>countersunk|counterbored)"
        rf"(?: (?:holes?|heads?|of|to|for|diameter|at|with|each|is))*(?: ?(?P<head2>{N})(?! deep))?"
        rf"(?: diameter)?(?: ?,?(?: (?:and|x))? (?P<deep>{N}) deep)?"
    ),
    "depth": re.compile(rf"^ ?,? ?(?:(?:and|that|are|is|each) )*(?P<depth>{N}) deep"),
    "grid": re.compile(
        rf"^ ?,? ?(?:(?:arranged|placed|spaced) )*(?:in|as|on) (?:a )?"
        rf"(?P<rows>{N}) (?:x|by) (?P<columns>{N}) {GRID}"
    ),
    "corner": re.compile(rf"^ ?,? ?(?:in|at|near|on) (?:the )?(?P<corner>(?:(?:{SIDE}) ?){{1,2}})corner\b"),
    "away": re.compile(
        rf"^ ?,? ?(?:(?:and|at|is|placed|located|with|its|center) )*(?P<away>{N}) (?:away )?(?:from|of) "
        rf"(?:the )?(?P<side>{SIDE})\b(?: (?:edges?|sides?|ends?|hand))*"
    ),
    "place": re.compile(
        r"^ ?,? ?(?:one )?(?:in|at|on|near|into|through|of|per) "
        r"(?:(?:the|each|all|its|both|a|<\d+>|end|long|short) )*"
        r"(?P<place>corners?|center|ends?|legs?|base|bottom|uprights?|faces?|flanges?|sides?|row|line|top"
        r"|walls?|front|back|rear|left|right)\b"
    ),
    "inset": re.compile(
        rf"^ ?,? ?(?:(?:and|each|placed|at|located|with) )*(?P<inset>{N}) (?:in )?(?:away )?(?:from|of) "
        r"(?:(?:the|each|all|its|both) )*(?:edges?|sides?|corners?|border|ends?)\b"
    ),
    "circle": re.compile(
        rf"^ ?,? ?(?:(?:evenly|equally|spaced|arranged|placed|distributed) )*(?:on|around|in|at|along) "
        rf"(?:(?:a|the|diameter) )*(?:(?P<circle>{N}) )?(?:diameter )?"
        rf"(?:bolt circle|pitch circle|hole circle|bolt pattern|circle|circumference|rim)"
        rf"(?: diameter)?(?: ?(?:of|is|with|:|=)? ?(?:diameter )?(?P<circle2>{N}))?"
    ),
    "spacing": re.compile(
        rf"^ ?,? ?(?:(?:and|evenly|equally|with|a|at) )*(?:spaced|spacing|pitch|distance|apart)"
        rf"(?: ?(?:of|by|is))? ?(?:(?P<spacing>{N})(?: apart)?)?"
    ),
    "radius": re.compile(
        rf"^ ?,? ?(?:(?:evenly|equally|spaced) )*(?:on|at) (?:a |the )?"
        rf"(?:(?P<radius>{N}) radius|radius (?P<radius2>{N}))"
    ),
    "apart": re.compile(rf"^ ?,? ?(?P<spacing>{N}) apart"),
}
