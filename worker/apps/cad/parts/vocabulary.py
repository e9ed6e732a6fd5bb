"""The words that the built-in rules know, and what they can't make. All words become English ones."""

import re
from importlib.resources import files

from .romance_words import ROMANCE, reordered

ONE_WORD = ROMANCE | {
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
    **dict.fromkeys(("hohlzylinder",), "hollow cylinder"),
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
    **dict.fromkeys(("senkung", "gesenkt", "gesenkte", "gesenkten", "versenkt", "senklöcher"), "countersunk"),
    **dict.fromkeys(("senkbohrung", "senkloch"), "countersunk hole"),
    **dict.fromkeys(("senkbohrungen", "senklöcher", "senklöchern"), "countersunk holes"),
    **dict.fromkeys(("zylindersenkung", "zylindersenkungen"), "counterbored"),
    **dict.fromkeys(("langloch",), "slot"),
    **dict.fromkeys(("langlöcher", "langlöchern"), "slots"),
    **dict.fromkeys(("rechteckig", "rechteckige", "rechteckiger", "rechteckiges"), "rectangular"),
    **dict.fromkeys(("ausschnitt", "aussparung", "durchbruch"), "cutout"),
    **dict.fromkeys(("tasche",), "pocket"),
    **dict.fromkeys(("mittelloch", "mittelbohrung", "zentralbohrung", "zentrumsbohrung"), "center hole"),
    **dict.fromkeys(("lochkreis", "teilkreis", "pcd", "bcd"), "bolt circle"),
    **dict.fromkeys(("ecke", "ecken"), "corners"),
    **dict.fromkeys(("mitte", "zentrum", "middle", "centre", "centered", "centred", "mittig"), "center"),
    **dict.fromkeys(("zentrale", "zentrales", "zentraler", "centrally", "zentral"), "central"),
    **dict.fromkeys(("rand", "kante", "kanten", "rändern"), "edges"),
    **dict.fromkeys(
        ("abgerundet", "abgerundete", "abgerundeten", "verrundet", "verrundete", "round"), "rounded"
    ),
    **dict.fromkeys(("verrundung", "rundung", "radiused", "filleted", "fillets"), "fillet"),
    **dict.fromkeys(("eckradius", "eckenradius", "kantenradius"), "corner radius"),
    **dict.fromkeys(("rechteck", "rectangle"), "plate"),
    **dict.fromkeys(("kreis",), "circle"),
    **dict.fromkeys(("dreieck",), "triangle"),
    **dict.fromkeys(("dichtung", "gasket"), "ring"),
    **dict.fromkeys(("reihe",), "row"),
    **dict.fromkeys(("raster", "array", "matrix"), "grid"),
    **dict.fromkeys(("lochplatte",), "plate"),
    **dict.fromkeys(("links", "linke", "linken", "linker"), "left"),
    **dict.fromkeys(("rechts", "rechte", "rechten", "rechter"), "right"),
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
BY_LETTER = {
    "d": "diameter",
    "r": "radius",
    "l": "length",
    "h": "height",
    "w": "width",
    "t": "thickness",
}
FEATURES = ("hole", "loch", "löcher", "bohrung", "fillet", "verrundung", "chamfer", "fase")
"""What a prompt may say that it does not want, besides what can't be made anyway."""
NEGATED = re.compile(
    r"\b(?:without|with no|no|ohne|keine?[nr]?)(?: (?:a|an|any|the|ein\w*|further|more))?"
    rf"(?: (?:\w+ed|mounting|corner|center|screw))? (?:{'|'.join(FEATURES)}|lid|deckel|cover|thread|gewinde"
    r"|text|logo|slot|rib|gusset|keyway|hub)(?:s|en|e)?\b"
)
UNSUPPORTED = {
    r"thread(?:s|ed)?|tapped|gewinde\w*": "threads",
    r"t-?slots?|nut mit|keyways?|passfedernut|groove\w*": "grooves and keyways",
    r"text|letter\w*|engrav\w*|emboss\w*|logo|gravur\w*|schrift\w*": "letters and engravings",
    r"hinge\w*|scharnier\w*|snap-?fit\w*|living": "hinges and snap fits",
    r"lids?|deckel|cover": "lids: ask for the open enclosure, and for its lid as a plate",
    r"half|halves|hemi\w*|semi-?\w+|halb\w*|quarters?|viertel\w*": "halves and quarters of a shape",
    r"elbows?|bends?|bent|bogen|rohrbogen|krümmer|gebogen\w*|hooks?|haken|handles?": (
        "bends, hooks and handles"
    ),
    r"[tzih][ -]?(?:brackets?|beams?|profiles?|profil|träger|shaped?)": "profiles other than L and U",
    r"hubs?|boss(?:es)?|naben?|stepped|steps|stufen|d-?shafts?": ("hubs, bosses and steps"),
    r"(?:cross|radial|side)[ -]?holes?|querbohr\w*": "holes from the side",
    r"hex(?:agon(?:al)?)? (?:head )?(?:bolts?|screws?)|sechskantschrauben?": "bolts and screws",
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
    r"hex(?:agon(?:al)?)? (?:holes?|pockets?|openings?)|triangular holes?": "holes with so many sides",
}
"""What a prompt may ask for and the rules would leave out: better to say so than to make another part."""
QUIET = frozenset(
    files(__package__ or "parts").joinpath("quiet_words.txt").read_text(encoding="utf-8").split()
)
"""Words that need no remark where the rules have no use for them."""


def canonical(text: str) -> str:
    """The text with each known word as the rules spell it."""
    text = re.sub(r"\b(?:round|runde|rundes) (?=plat|disc|disk|scheibe|sheet)", "circular ", text)
    text = re.sub(r"\b(?:round|circular|rund\w*) ?(?:bar|rod|stock|stab|stange)\b", "rod", text)
    text = re.sub(r"\bcut-outs?\b", "cutout", re.sub(r"\bo-rings?\b", "torus", text))
    text = re.sub(r"\bcounter[ -]?(sunk|sink|bore)\w*|\bcsk\b", _head, text)
    text = re.sub(r"\b([drlhwt])\b ?[=:]? ?(?=<\d+>)", lambda found: f"{BY_LETTER[found[1]]} ", text)
    return reordered(re.sub(r"[^\W\d_]+", lambda found: ONE_WORD.get(found[0], found[0]), text))


def _head(found: re.Match[str]) -> str:
    return "counterbored" if found[1] == "bore" else "countersunk"


def originals(text: str) -> dict[str, str]:
    """The rules' words, and what was written for them."""
    known = (word for word in re.findall(r"[^\W\d_]+", text) if word in ONE_WORD)
    return {piece: word for word in known for piece in ONE_WORD[word].split()}


def refused(text: str) -> tuple[str, frozenset[str]]:
    """The text without what it does not want, and the names of that."""
    found = frozenset(feature for each in NEGATED.findall(text) for feature in FEATURES if feature in each)
    return NEGATED.sub(" ; ", text), found


def unsupported(text: str) -> str | None:
    """What the text asks for that can't be made, in words; None if nothing."""
    return next(
        (what for pattern, what in UNSUPPORTED.items() if re.search(rf"\b(?:{pattern})\b", text)), None
    )
