"""The words that the built-in rules know, and what they can't make. German words become English ones."""

import re
from importlib.resources import files

ONE_WORD = {
    **dict.fromkeys(("durchmesser", "diam", "dia"), "diameter"),
    **dict.fromkeys(("dick", "dickes", "dicker", "stark"), "thick"),
    **dict.fromkeys(("dicke", "stärke", "materialstärke"), "thickness"),
    **dict.fromkeys(("hoch", "hohe", "hoher", "hohes"), "tall"),
    **dict.fromkeys(("breit", "breiter", "breites"), "wide"),
    **dict.fromkeys(("breite",), "width"),
    **dict.fromkeys(("lang", "lange", "langer", "langes"), "long"),
    **dict.fromkeys(("länge",), "length"),
    **dict.fromkeys(("höhe",), "height"),
    **dict.fromkeys(("tief", "tiefes"), "deep"),
    **dict.fromkeys(("tiefe",), "depth"),
    **dict.fromkeys(("kantenlänge", "seitenlänge"), "edge length"),
    **dict.fromkeys(("wandstärke", "wanddicke"), "wall thickness"),
    **dict.fromkeys(("außendurchmesser", "aussendurchmesser", "od"), "outer diameter"),
    **dict.fromkeys(("innendurchmesser", "id"), "inner diameter"),
    **dict.fromkeys(("outside", "external", "außen"), "outer"),
    **dict.fromkeys(("inside", "internal", "innen"), "inner"),
    **dict.fromkeys(("platte", "sheet", "blech", "panel"), "plate"),
    **dict.fromkeys(("würfel",), "cube"),
    **dict.fromkeys(("quader", "block", "kasten", "cuboid", "klotz", "bar", "brick"), "box"),
    **dict.fromkeys(("scheibe", "disk", "coaster", "puck"), "disc"),
    **dict.fromkeys(
        ("zylinder", "rod", "dowel", "pin", "stab", "bolzen", "knob", "shaft", "welle"), "cylinder"
    ),
    **dict.fromkeys(("rohr", "pipe"), "tube"),
    **dict.fromkeys(("hülse", "distanzhülse", "bushing", "bush", "sleeve", "buchse", "standoff"), "spacer"),
    **dict.fromkeys(("unterlegscheibe",), "washer"),
    **dict.fromkeys(("flansch",), "flange"),
    **dict.fromkeys(("winkel", "halterung", "montagewinkel", "winkelhalter"), "bracket"),
    **dict.fromkeys(("gehäuse", "case", "housing", "tray", "schale", "container", "bin"), "enclosure"),
    **dict.fromkeys(("kugel", "ball"), "sphere"),
    **dict.fromkeys(("kegel", "kegelstumpf", "frustum"), "cone"),
    **dict.fromkeys(("zahnrad", "stirnrad", "cog", "cogwheel", "sprocket"), "gear"),
    **dict.fromkeys(("zähne", "zähnen", "tooth"), "teeth"),
    **dict.fromkeys(("modul",), "module"),
    **dict.fromkeys(("keil", "rampe", "ramp"), "wedge"),
    **dict.fromkeys(("donut", "oring", "doughnut"), "torus"),
    **dict.fromkeys(("sechskant", "hex", "hexagonal", "sechseck"), "hexagon"),
    **dict.fromkeys(("mutter",), "nut"),
    **dict.fromkeys(("schlüsselweite", "sw", "af"), "across flats"),
    **dict.fromkeys(("loch", "bohrung", "durchgangsbohrung", "drilling"), "hole"),
    **dict.fromkeys(("löcher", "löchern", "bohrungen", "durchgangsbohrungen", "drillings"), "holes"),
    **dict.fromkeys(("befestigungslöcher", "befestigungslöchern", "befestigungsbohrungen"), "mounting holes"),
    **dict.fromkeys(("eckbohrungen",), "corner holes"),
    **dict.fromkeys(("mittelloch", "mittelbohrung", "zentralbohrung", "zentrumsbohrung"), "center hole"),
    **dict.fromkeys(("lochkreis", "teilkreis", "pcd", "bcd"), "bolt circle"),
    **dict.fromkeys(("ecke", "ecken"), "corners"),
    **dict.fromkeys(("mitte", "zentrum", "middle", "centre", "centered", "centred", "mittig"), "center"),
    **dict.fromkeys(("zentrale", "zentrales", "zentraler", "centrally", "zentral"), "central"),
    **dict.fromkeys(("rand", "kante", "kanten", "rändern"), "edges"),
    **dict.fromkeys(
        ("abgerundet", "abgerundete", "abgerundeten", "verrundet", "verrundete", "round"), "rounded"
    ),
    **dict.fromkeys(("verrundung", "rundung", "radiused", "filleted", "fillets", "eckenradius"), "fillet"),
    **dict.fromkeys(("fase", "chamfers", "chamfered", "fasen", "bevel", "bevelled", "beveled"), "chamfer"),
    **dict.fromkeys(("mit", "having"), "with"),
    **dict.fromkeys(("und", "plus"), "and"),
    **dict.fromkeys(("ein", "eine", "einen", "einem", "einer", "eines", "an", "single"), "a"),
    **dict.fromkeys(("der", "die", "das", "den", "dem", "des"), "the"),
    **dict.fromkeys(("von", "für", "aus"), "of"),
    **dict.fromkeys(("im", "vom", "am", "zum"), "in the"),
    **dict.fromkeys(("auf",), "on"),
    **dict.fromkeys(("jede", "jeder", "jedem", "je", "every"), "each"),
    **dict.fromkeys(("oben",), "top"),
    **dict.fromkeys(("unten",), "bottom"),
    **dict.fromkeys(("obere", "oberen", "oberer", "upper"), "top"),
    **dict.fromkeys(("untere", "unteren", "unterer", "lower"), "bottom"),
    **dict.fromkeys(("alle", "allen"), "all"),
    **dict.fromkeys(("bohrer", "kernloch", "bore", "innenloch"), "bore"),
    **dict.fromkeys(("quadratisch", "quadratische", "quadratischer"), "square"),
    **dict.fromkeys(("schenkel", "schenkeln", "arm", "arms"), "leg"),
    **dict.fromkeys(("wand", "wände", "wänden"), "wall"),
    **dict.fromkeys(("à",), "of"),
    **dict.fromkeys(("profil",), "profile"),
    **dict.fromkeys(("interior",), "inner"),
    **dict.fromkeys(("grunddurchmesser",), "base diameter"),
    **dict.fromkeys(("tapering", "verjüngt"), "tapered"),
}
COUNTED = {
    name: number
    for number, names in enumerate(
        (
            ("one", "eins"),
            ("two", "zwei"),
            ("three", "drei"),
            ("four", "vier"),
            ("five", "fünf"),
            ("six", "sechs"),
            ("seven", "sieben"),
            ("eight", "acht"),
            ("nine", "neun"),
            ("ten", "zehn"),
            ("eleven", "elf"),
            ("twelve", "zwölf"),
        ),
        start=1,
    )
    for name in names
}
BY_LETTER = {
    "d": "diameter",
    "r": "radius",
    "l": "length",
    "h": "height",
    "w": "width",
    "t": "thickness",
}
UNSUPPORTED = {
    r"thread(?:s|ed)?|tapped|gewinde\w*": "threads",
    r"counter-?s(?:unk|ink)\w*|senk\w*|counter-?bor\w*": "countersunk and counterbored holes",
    r"slots?|slotted|langl\w+|nut mit|keyway|groove\w*": "slots and grooves",
    r"text|letter\w*|engrav\w*|emboss\w*|logo|gravur\w*|schrift\w*": "letters and engravings",
    r"hinge\w*|scharnier\w*|snap-?fit\w*|living": "hinges and snap fits",
    r"lids?|deckel|cover": "lids: ask for the open enclosure, and for its lid as a plate",
    r"helical|bevel gears?|worm|internal gears?|planetary|rack": "gears other than spur gears",
    r"knurl\w*|rändel\w*": "knurls",
    r"assembl\w*|baugruppe": "assemblies: ask for one part at a time",
    r"ribs?|gussets?|rippe\w*": "ribs and gussets",
    r"(?:rectangular|square) (?:tub\w+|pipes?|profiles?)|vierkantrohr": "tubes that are not round",
    r"stars?|hearts?|stern\w*|herz\w*|ovals?|ellip\w*|domes?|curved|organic": "such outlines",
    r"subtract\w*|combin\w*|attached|joined|stack\w*|on top of|cut out|minus a": (
        "parts that are put together: ask for one at a time"
    ),
    r"springs?|feder|helix|spiral\w*": "springs and other helices",
    r"square holes?|hex(?:agon(?:al)?)? holes?|rectangular holes?|cut-?outs?|windows?|pockets?": (
        "openings that are not round"
    ),
}
"""What a prompt may ask for and the rules would leave out: better to say so than to make another part."""
QUIET = frozenset(
    files(__package__ or "parts").joinpath("quiet_words.txt").read_text(encoding="utf-8").split()
)
"""Words that need no remark where the rules have no use for them."""


def canonical(text: str) -> str:
    """The text with each known word as the rules spell it."""
    text = re.sub(r"\b(?:round|runde|rundes) (?=plat|disc|disk|scheibe|sheet)", "circular ", text)
    text = re.sub(r"\bo-rings?\b", "torus", text)
    text = re.sub(r"\b([drlhwt])\b ?[=:]? ?(?=<\d+>)", lambda found: f"{BY_LETTER[found[1]]} ", text)
    return re.sub(r"[a-zäöüßà]+", lambda found: ONE_WORD.get(found[0], found[0]), text)


def unsupported(text: str) -> str | None:
    """What the text asks for that can't be made, in words; None if nothing."""
    return next(
        (what for pattern, what in UNSUPPORTED.items() if re.search(rf"\b(?:{pattern})\b", text)), None
    )
