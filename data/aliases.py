"""What shops and sellers write for each value: the one table of aliases.

Compared after `taxonomy.normalize`, so case and punctuation do not matter. A word listed under
two values ("full") is ambiguous until the wear type is known.
"""

ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "wear": {
        "upper": ("upper wear", "upperwear", "top wear", "topwear", "tops", "upper body"),
        "bottom": ("bottom wear", "bottomwear", "bottoms", "lower", "lower wear", "lower body"),
    },
    "item": {
        "t_shirt": (
            "tshirt", "tshirts", "t shirts", "tee", "tees", "tee shirt", "polo", "polos",
            "polo shirt", "polo shirts", "polo t shirt", "polo tshirt", "longsleeve",
            "lounge tshirts", "henley", "jersey",
        ),
        "shirt": (
            "shirts", "blouse", "blouses", "formal shirt", "casual shirt", "denim shirt",
            "button down", "button down shirt", "oxford shirt",
        ),
        "top": (
            "tops", "tank", "tank top", "tank tops", "camisole", "camisoles", "cami", "vest",
            "vests", "innerwear vests", "undershirt", "undershirts", "tube top", "crop top",
        ),
        "kurta": ("kurtas", "kurti", "kurtis", "kurtha", "tunic", "tunics"),
        "sweatshirt": ("sweatshirts", "hoodie", "hoodies", "hoody", "sweat shirt"),
        "sweater": (
            "sweaters", "pullover", "pullovers", "cardigan", "cardigans", "jumper", "jumpers",
            "knitwear",
        ),
        "jacket": (
            "jackets", "coat", "coats", "blazer", "blazers", "gilet", "gilets", "waistcoat",
            "waistcoats", "shrug", "shrugs", "rain jacket", "nehru jacket", "nehru jackets",
            "outwear", "outerwear", "windcheater", "overcoat",
        ),
        "jeans": ("jean", "denims", "denim jeans", "denim pants"),
        "trousers": (
            "trouser", "pant", "pants", "chino", "chinos", "palazzo", "palazzos", "slacks",
            "formal trousers", "cargo pants", "cargos", "rain trousers", "culottes",
        ),
        "track_pants": (
            "track pant", "trackpants", "trackpant", "track bottoms", "jogger", "joggers",
            "sweatpants", "sweat pants", "pyjama", "pyjamas", "pajama", "pajamas",
            "lounge pants", "yoga pants",
        ),
        "shorts": ("short", "bermuda", "bermudas", "lounge shorts", "boxer shorts"),
        "capris": (
            "capri", "three fourths", "three fourth", "3/4ths", "3/4th", "3/4 pants",
            "three quarter pants",
        ),
        "leggings": (
            "legging", "jegging", "jeggings", "tight", "tights", "churidar", "churidars",
        ),
        "skirt": ("skirts", "mini skirt", "maxi skirt"),
        "salwar": ("salwars", "shalwar", "patiala", "patialas", "salwar and dupatta"),
    },
    "length": {
        "sleeveless": (
            "no sleeve", "no sleeves", "without sleeves", "sleeve less", "strappy", "cut sleeve",
            "cut sleeves",
        ),
        "half_sleeve": (
            "half", "half sleeves", "half sleeved", "half arm", "half arms", "half hand",
            "short", "short sleeve", "short sleeves", "short sleeved", "cap sleeve",
            "cap sleeves", "h/s", "half slv",
        ),
        "three_quarter_sleeve": (
            "3/4", "3/4th", "three quarter", "three fourth", "3/4 sleeve", "3/4 sleeves",
            "3/4th sleeve", "3/4th sleeves", "3/4 arm", "three quarter sleeves",
            "three quarter sleeved", "three fourth sleeve", "three fourth sleeves",
            "elbow sleeves", "elbow length sleeves", "quarter sleeves",
        ),
        "full_sleeve": (
            "full", "full sleeves", "full sleeved", "full arm", "full arms", "full hand", "long",
            "long sleeve", "long sleeves", "long sleeved", "longsleeve", "f/s", "full slv",
        ),
        "above_knee": (
            "short", "above the knee", "above knee length", "mini", "thigh length",
            "mid thigh",
        ),
        "knee_length": ("knee", "at the knee", "knee long", "midi knee"),
        "cropped": (
            "3/4", "3/4th", "three quarter", "three fourth", "three fourth length",
            "three quarter length", "3/4 length", "3/4th length", "calf length", "crop",
            "cropped length", "capri length", "midi", "below knee",
        ),
        "full_length": (
            "full", "long", "ankle length", "ankle", "full leg", "regular length", "maxi",
            "floor length", "full length pants",
        ),
    },
    "color": {
        "single": (
            "single color", "single colour", "single coloured", "single colored", "one color",
            "one colour", "mono", "monochrome", "unicolor", "unicolour", "self color",
            "self colour",
        ),
        "multi": (
            "multi color", "multi colour", "multicolor", "multicolour", "multicolored",
            "multicoloured", "multi colored", "multi coloured", "multiple colors",
            "multiple colours", "many colors", "many colours", "colorblocked", "colourblocked",
            "color blocked", "colour blocked", "two tone", "dual color", "dual colour",
        ),
    },
    "pattern": {
        "solid": (
            "solids", "plain", "self design", "no pattern", "no print", "washed", "unpatterned",
            "textured", "colourblocked", "colorblocked", "color blocked", "colour blocked",
            # By eye 4 of 5 "embellished" garments of the catalogue are solid with a trim, "dyed"
            # ones are plain, ombre or striped: words that settle nothing are listed twice.
            "embellished", "dyed", "patterned",
        ),
        "printed": (
            "print", "prints", "graphic", "graphic print", "floral", "floral print", "dotted",
            "dots", "polka dots", "polka dot", "camouflage", "camo", "abstract print",
            "animal print", "text print", "typography", "tie dye", "embellished", "dyed",
            "embroidered", "motif", "patterned",
        ),
        "striped": (
            "stripe", "stripes", "pinstripe", "pinstripes", "pin stripes", "pin striped",
            "hairline stripes",
        ),
        "checked": (
            "check", "checks", "checkered", "chequered", "checkerboard", "plaid", "plaids",
            "gingham", "tartan", "houndstooth", "argyle",
        ),
    },
}  # fmt: skip
