"""The words a token can carry: labels, and the phrases that state each of them.

The shared alias table is the base; here are the phrases only free text uses. A label is
`"<head>:<value>"`; heads beside the attributes are `hue` (named colors, from which single or multi
is counted) and `other` (a garment or thing that is neither upper nor bottom wear).
"""

from __future__ import annotations

from functools import lru_cache

from data.aliases import ALIASES
from data.hues import HUES
from data.taxonomy import VALUES, normalize

EXTRA: dict[str, tuple[str, ...]] = {
    "item:t_shirt": ("t shirt", "tshrit", "teeshirt", "polo tee", "t shit", "ringer tee",
        "polo t shirts", "polo tshirts", "jersey", "jerseys"),
    "item:shirt": ("shirting shirt", "button up", "kurti shirt", "overshirt", "flannel shirt"),
    "item:top": ("singlet", "halter top", "bralette top", "peplum", "bustier", "racerback",
        "spaghetti top", "tankini top", "tubetop", "ganji", "baniyan", "bandeau top",
        "cropped top", "corset top"),
    "item:kurta": ("kurtas", "kameez", "kurtha", "kurtie", "kurtis", "anarkali"),
    "item:sweatshirt": ("sweat top", "hooded sweatshirt", "hoodie sweatshirt", "sweat tee"),
    "item:sweater": ("twinset", "turtleneck sweater", "knit pullover", "slipover",
        "sweater vest"),
    "item:jacket": ("parka", "bomber", "cape", "poncho", "trench", "trenchcoat",
        "trucker jacket", "anorak", "windbreaker", "bandhgala", "tuxedo jacket", "nehru",
        "puffer", "peacoat", "bolero"),
    "item:jeans": ("jean", "denims", "denim trousers", "dungaree jeans"),
    "item:trousers": ("chinos", "corduroys", "linen pants", "khakis", "dhoti pants"),
    "item:track_pants": ("tracks", "sweatpant", "lowers", "track bottom", "lounge pant",
        "pyjama"),
    "item:shorts": ("hot pants", "board shorts", "boardshorts", "cycling shorts",
        "boxers short"),
    "item:capris": ("capri pants", "pedal pushers", "clam diggers", "three fourth pants"),
    "item:leggings": ("treggings", "footless tights", "yoga tights", "jegging"),
    "item:skirt": ("skirts", "skorts", "skort", "wrap skirt", "skt", "lehenga skirt"),
    "item:salwar": ("salwars", "patiala salwar", "patiala pants"),
    "other:other": ("dress", "gown", "saree", "sari", "jumpsuit", "playsuit", "romper",
        "dungaree", "dungarees", "nightdress", "nightie", "nightgown", "night suit",
        "nightsuit", "night suits", "bra", "brief", "panty", "panties", "trunk", "boxer",
        "lingerie", "swimsuit", "swimwear", "bikini", "bodysuit", "onesie", "suit",
        "lehenga choli", "lehenga", "dress material", "babydoll", "robe", "bathrobe", "sock",
        "stocking", "shawl", "stole", "scarf", "tie", "belt", "wallet", "handbag", "bag",
        "backpack", "shoe", "sandal", "heel", "sneaker", "flats", "boot", "flip flop",
        "slipper", "watch", "cap", "hat", "sunglasses", "bracelet", "necklace", "earring",
        "finger ring", "perfume", "clutch", "lipstick", "glove", "muffler", "cufflink", "pendant",
        "deodorant", "bangle", "innerwear", "shapewear", "kaftan", "caftan", "sherwani",
        "blouse piece", "trolley bag"),
    "wear:upper": ("upper wear", "upperwear", "topwear", "top wear"),
    "wear:bottom": ("bottomwear", "bottom wear", "bottoms", "lower wear"),
    "wear:set": ("set", "kurta set", "kurti set", "clothing set", "suit set", "co ord set",
        "coord set", "tracksuit", "track suit", "dupatta", "salwar suit", "churidar suit",
        "salwar kameez", "kurta pyjama", "kurta pajama", "kurta pyjamas", "twin set",
        "co ords"),
    "length:sleeveless": ("sleeveless", "slvless", "spaghetti strap", "spaghetti straps",
        "shoulder straps", "s l", "noodle straps", "halter neck", "halterneck", "strapless",
        "thin straps", "sleevless", "without sleeve", "racerback", "racer back", "tube top",
        "without any sleeves"),
    "length:half_sleeve": ("half sleeve", "half slvs", "halfsleeve", "flutter sleeves",
        "s s tee"),
    "length:three_quarter_sleeve": ("3 quarter sleeves", "3 qtr sleeves", "three qtr sleeves"),
    "length:full_sleeve": ("full sleeve", "fullsleeve", "wrist length sleeves", "full slvs"),
    "length:above_knee": ("mini", "above knee", "mini length", "mid thigh length",
        "above the knees"),
    "length:knee_length": ("knee length", "knee high length", "till the knee",
        "up to the knees"),
    "length:cropped": ("cropped", "three fourth pants", "ankle cropped", "mid calf",
        "calf length", "crop", "midi length", "below the knee", "below knee length", "midi"),
    "length:full_length": ("ankle length", "full length", "floor length", "maxi length",
        "length regular", "regular length", "maxi", "full leg"),
    "color:multi": ("multi coloured", "multi colored", "tri coloured", "tri colour",
        "tricolor", "tri color", "contrast", "contrasting", "rainbow", "two toned",
        "dual toned", "dual tone", "multi", "colour block", "color block", "colourblock",
        "colorblock", "colorblocking", "colourblocking", "many hued", "multihued", "bicolor"),
    "pattern:solid": ("no print", "no prints", "without print", "without prints",
        "without any print", "solid", "plain", "unprinted", "solid coloured", "solid colored",
        "plains"),
    "pattern:printed": ("print", "printed", "graphic", "graphics", "motif", "motifs",
        "lettering", "floral", "florals", "typographic", "slogan", "patterned", "paisley",
        "ikat", "batik", "block printed", "leopard", "polka dotted", "polka", "artwork",
        "screenprint", "flower print", "zebra print", "bandhani", "embroidered motif",
        "animal print", "foil print", "conversational print", "tie dyed", "tropical", "ditsy",
        "photographic", "caricature", "logo print", "camouflage", "dotted", "kalamkari",
        "leheriya", "geometric", "ethnic motifs", "tie and dye", "ankara"),
    "pattern:striped": ("stripe", "stripes", "striped", "stripy", "pin striped", "pinstriped",
        "candy stripes", "hairline", "breton", "chalk stripes", "awning stripes", "stripey"),
    "pattern:checked": ("check", "checks", "checked", "checkered", "chequered", "checquered",
        "plaid", "gingham", "tartan", "houndstooth", "windowpane", "madras", "glen check",
        "tattersall", "chex", "checkerboard", "buffalo check", "graph check", "micro checks",
        "checker", "checkers"),
}  # fmt: skip

LABELS: tuple[str, ...] = (
    *(f"item:{v}" for v in VALUES["item"]),
    "other:other",
    "wear:upper",
    "wear:bottom",
    "wear:set",  # garments of both kinds sold together: items are stated, one wear is not
    *(f"length:{v}" for v in VALUES["length"]),
    *(f"pattern:{v}" for v in VALUES["pattern"]),
    *(f"hue:{h}" for h in HUES),
    "color:multi",
)

# A garment's name that states a leg length too, unless another is given ("knee-length shorts").
IMPLIED = {"item:shorts": "length:above_knee", "item:capris": "length:cropped"}

# Aliases that are right in a form's field and misleading in a sentence.
FIELD_ONLY = {
    "half", "short", "full", "long", "3 4", "3 4th", "three quarter", "three fourth", "knee",
    "mini", "ankle", "maxi", "midi", "crop", "lower", "washed", "textured", "self design",
    "no print",
    "no pattern", "dyed", "embellished", "tops", "bottoms", "jersey", "single color", "embroidered",
    "single colour", "mono", "check", "patterned", "quarter sleeves", "tight", "dots",
    "colourblocked", "colorblocked", "color blocked", "colour blocked", "full length pants", "h s",
    "f s", "one color", "one colour", "innerwear vests", "longsleeve", "three fourths", "3 4ths",
}  # fmt: skip


@lru_cache(maxsize=1)
def hue_words() -> frozenset[str]:
    """Return every word that named colors are made of."""
    return frozenset(word for names in HUES.values() for name in names for word in name.split())


@lru_cache(maxsize=1)
def phrases() -> dict[str, str]:
    """Return every phrase (normalized words) with its label; later tables win over earlier."""
    table: dict[str, str] = {}
    for attribute in ("item", "length", "pattern"):
        for value, words in ALIASES[attribute].items():
            for word in (value.replace("_", " "), *words):
                if normalize(word) not in FIELD_ONLY:
                    table[normalize(word)] = f"{attribute}:{value}"
    for word in ALIASES["color"]["multi"]:
        table[normalize(word)] = "color:multi"
    for label, words in EXTRA.items():
        for word in words:
            table[normalize(word)] = label
            if label.startswith(("item:", "other:", "wear:")) and not word.endswith("s"):
                table.setdefault(normalize(word) + "s", label)
    table.update({normalize(w): f"hue:{hue}" for hue, words in HUES.items() for w in words})
    for word in ("maxi skirt", "mini skirt"):
        del table[word]  # two statements, of a length and of an item
    table["tops"] = "item:top"
    return table
