"""Names of colors, by the hue they are a shade of: what "navy blue" and "maroon" have in common."""

HUES: dict[str, tuple[str, ...]] = {
    "black": ("black", "jet black", "ebony", "onyx"),
    "white": ("white", "off white", "offwhite", "ivory", "eggshell", "pearl white", "snow white"),
    "grey": (
        "grey", "gray", "charcoal", "anthracite", "slate", "ash", "steel grey", "silver grey",
        "gunmetal", "graphite", "smoke", "dove grey", "ecru melange",
    ),
    "beige": (
        "beige", "cream", "creme", "ecru", "khaki", "khakhi", "sand", "camel", "nude", "fawn",
        "taupe", "biscuit", "oatmeal", "champagne", "buff", "vanilla", "mushroom",
    ),
    "brown": (
        "brown", "coffee", "chocolate", "mocha", "tan", "umber", "chestnut", "walnut", "cocoa",
        "caramel", "hazel", "sepia", "espresso", "cinnamon", "tobacco", "cognac",
    ),
    "red": (
        "red", "maroon", "burgundy", "wine", "crimson", "scarlet", "cherry", "brick", "ruby",
        "vermilion", "oxblood", "carmine", "garnet", "blood red",
    ),
    "pink": (
        "pink", "rose", "fuchsia", "fuschia", "magenta", "peach", "coral", "blush", "salmon",
        "hot pink", "rani", "dusty rose", "bubblegum", "cerise", "onion pink",
    ),
    "orange": ("orange", "rust", "tangerine", "apricot", "terracotta", "amber", "burnt orange"),
    "yellow": ("yellow", "mustard", "lemon", "ochre", "saffron", "canary", "honey", "turmeric"),
    "green": (
        "green", "olive", "lime", "mint", "emerald", "sage", "moss", "jade", "pista", "pistachio",
        "bottle green", "fern", "forest green", "hunter green", "sea green", "parrot green",
    ),
    "blue": (
        "blue", "navy", "indigo", "aqua", "cyan", "cobalt", "azure", "sky blue", "royal blue",
        "sapphire", "navy blue", "midnight blue", "ink blue", "ice blue", "powder blue",
    ),
    "teal": ("teal", "turquoise", "turq", "aquamarine", "peacock"),
    "purple": (
        "purple", "violet", "lavender", "mauve", "lilac", "plum", "aubergine", "grape", "eggplant",
        "voilet", "amethyst", "mulberry", "berry",
    ),
    "metal": ("gold", "golden", "silver", "copper", "bronze", "rose gold"),
    "neon": ("neon", "fluorescent", "fluroscent"),
}  # fmt: skip

# Shades whose name may stand before a plain color and form one name with it ("rust orange").
PLAIN = frozenset(
    [
        "black",
        "white",
        "grey",
        "gray",
        "beige",
        "brown",
        "red",
        "pink",
        "orange",
        "yellow",
        "green",
        "blue",
        "purple",
        "khaki",
    ]
)
