"""French and Spanish words as the built-in rules spell them, for plain descriptions in these languages."""

import re

PARTS = {
    **dict.fromkeys(("plaque", "tôle", "placa", "chapa", "lámina"), "plate"),
    **dict.fromkeys(("cylindre", "cilindro"), "cylinder"),
    **dict.fromkeys(("tubo", "tuyau"), "tube"),
    **dict.fromkeys(("boîte", "caja", "bloc", "bloque"), "box"),
    **dict.fromkeys(("boîtier", "carcasa"), "enclosure"),
    **dict.fromkeys(("cubo",), "cube"),
    **dict.fromkeys(("disque", "disco"), "disc"),
    **dict.fromkeys(("rondelle", "arandela"), "washer"),
    **dict.fromkeys(("entretoise", "separador"), "spacer"),
    **dict.fromkeys(("anneau", "anillo"), "ring"),
    **dict.fromkeys(("bride", "brida"), "flange"),
    **dict.fromkeys(("équerre", "escuadra"), "bracket"),
    **dict.fromkeys(("sphère", "esfera", "boule"), "sphere"),
    **dict.fromkeys(("cône", "cono"), "cone"),
    **dict.fromkeys(("engrenage", "engranaje"), "gear"),
}
SIZES = {
    **dict.fromkeys(("diamètre", "diámetro"), "diameter"),
    **dict.fromkeys(("rayon", "radio"), "radius"),
    **dict.fromkeys(("longueur", "longitud", "largo"), "length"),
    **dict.fromkeys(("largeur", "ancho", "anchura"), "width"),
    **dict.fromkeys(("hauteur", "altura", "alto"), "height"),
    **dict.fromkeys(("épaisseur", "espesor", "grosor"), "thickness"),
    **dict.fromkeys(("profondeur", "profundidad"), "depth"),
    **dict.fromkeys(("côté", "lado"), "side"),
    **dict.fromkeys(("paroi", "pared", "paredes"), "wall"),
    **dict.fromkeys(("dents", "dientes"), "teeth"),
    **dict.fromkeys(("módulo",), "module"),
    **dict.fromkeys(("extérieur", "exterior"), "outer"),
    **dict.fromkeys(("intérieur", "interior"), "inner"),
}
OTHERS = {
    **dict.fromkeys(("trou", "agujero", "perforación"), "hole"),
    **dict.fromkeys(("trous", "agujeros", "perforaciones"), "holes"),
    **dict.fromkeys(("coin", "coins", "esquina", "esquinas"), "corners"),
    **dict.fromkeys(("milieu", "centro", "central"), "center"),
    **dict.fromkeys(("congé", "redondeo"), "fillet"),
    **dict.fromkeys(("chanfrein", "chaflán"), "chamfer"),
    **dict.fromkeys(("avec", "con"), "with"),
    **dict.fromkeys(("de",), "of"),
    **dict.fromkeys(("et", "y"), "and"),
    **dict.fromkeys(("un", "une", "una"), "a"),
    **dict.fromkeys(("les", "aux", "los", "las", "dans", "le", "la", "au", "en", "el"), "the"),
}
ROMANCE = PARTS | SIZES | OTHERS
COUNTED = {
    name: number
    for number, names in (
        *((2, ("deux", "dos")), (3, ("trois", "tres")), (4, ("quatre", "cuatro")), (5, ("cinq", "cinco"))),
        *((6, ("seis",)), (7, ("sept", "siete")), (8, ("huit", "ocho")), (9, ("neuf", "nueve"))),
        *((10, ("dix", "diez")), (12, ("douze", "doce"))),
    )
    for name in names
}


def reordered(text: str) -> str:
    """English order for sizes: `diameter outer` and `<0> of diameter` are said the other way round there."""
    text = re.sub(r"\b(diameter|radius) (outer|inner)\b", r"\2 \1", text)
    text = re.sub(r"\b(holes?) center\b", r"center \1", text)
    names = "diameter|radius|length|width|height|thickness|depth|side"
    return re.sub(rf"(<\d+>) of ((?:outer |inner )?(?:{names}))\b(?! ?(?:of )?<)", r"\1 \2", text)
