"""Words that look like statements of the garment and are none, written for training.

Each function returns pieces: what the garment is said to be carries its label, the rest none.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from data.taxonomy import VALUES, WEAR_OF
from text.lexicon import HUES, IMPLIED
from training.text_lacks import lack
from training.text_pieces import Piece
from training.text_words import LONG, SLEEVE_KINDS, denied_end, say, told

Line = tuple[Piece, ...]

IDIOMS = (
    "Set of buttons included.", "Half the price of the high street.",
    "A short story about comfort.", "Full marks for softness.", "Not striped.",
    "Long lasting and light.", "Check our other offers.", "A solid choice for every season.",
    "Top quality at a plain price.", "Full button placket.", "Half zip at the neck.",
    "Long wash cycle tested.", "The top button is hidden.", "Contrast stitching.",
    "In plain words, the softest around.", "Long on style and short on fuss.",
    "Full refund if unhappy.", "Blueprint series.", "Green production, less water.",
    "A golden opportunity.", "Evergreen classic.", "Red hot sale.",
    "Shirt collar and buttoned cuffs.", "Jacket-style pockets.", "Not a checked design.",
    "Short delivery times.", "Comes in full length packaging.", "Ribbed sleeves.",
    "Raglan sleeves.", "Half moon yoke at the back.", "Full front zip.", "Long, rounded hem.",
    "Short slits at the sides.", "Blue sky thinking went into this.",
    "White label packaging.", "Black Friday deal.", "Pink city craft.",
    "Earn your stripes this season.", "It checks every box.", "Double checked by hand.",
    "White glove service.", "Never a grey area with our returns.", "Blue chip quality.",
    "Printed invoice in the parcel.", "See the printed label for details.", "Print the form.",
    "Rock solid seams.", "Solid workmanship.", "Our green promise.", "The gold standard.",
    "Every cloud has a silver lining.", "Red carpet ready.", "Once in a blue moon offer.",
    "It is all there in black and white.", "Tickled pink or your money back.", "Rose to fame.",
    "Brownie points guaranteed.", "Long story short: you will love it.", "Full of character.",
    "Half the effort, twice the joy.", "In short supply.", "Three quarters of our yarn is old.",
    "Half a century of tailoring.", "Fast track shipping.", "Skirts every dress code.",
    "Keep your shirt on, there is more.", "Top of the range.", "On top of the world.",
    "Please check before you pay.", "Security checks passed.", "Quality checked.", "Checked by us.",
    "Stripe and PayPal accepted.", "Cash, cheque or card.", "Read the small print.",
    "Best in short runs and long rides.", "A full day of comfort.", "Sold at full price elsewhere.",
    "Copper free dyes.", "Olive oil soap keeps it soft.", "Coffee shop favourite.",
    "Wine and dine in it.", "Lime fresh feeling.", "Sand, sea and sun.", "Plain sailing.",
    "Plain speaking: the price is fixed.", "Checked by me for faults.", "Solid stitching.",
    "It has earned its stripes.", "Checked twice before sending.", "Solid deal.", "Solid buy.",
    "The brown belt in the photo stays with me.", "The white cap shown is mine.",
    "Half the street asked me about it.", "In plain view, one loose thread.",
    "Full of life.", "Zero blue-water footprint.", "Festive for the season.",
    "Long and straight.", "Long, straight and airy.", "Short and boxy.", "Long and flowing.",
    "Long, flared and light.", "Cut long.", "Full and flared.", "Long in the body.", "Half lined.",
    "Straight, long and made of cotton.", "Short in the body.", "Full skirted.", "Fully lined.",
    "Cut full for ease.", "Long line.", "Short, neat and light.", "Long, with slits at the sides.",
)  # fmt: skip
MEASURES = (
    "Sleeve {n} inches", "Sleeve: {n} cm", "Half chest {n} cm", "Full length {n} cm", "Length {n}",
    "Sleeve length {n} inch", "full hip {n}", "Short ({n}), regular ({n}), long ({n})",
    "short, regular or long leg", "Size {n} half", "Sleeves measure {n} in", "Knee {n} cm",
    "In sizes short, regular and tall", "Half waist {n}", "Sleeve from neck {n} cm",
    "Chest {n}, length {n}, sleeve {n}", "{n} inch inseam", "Full bust {n}, half bust {n}",
)  # fmt: skip
ASIDES = (
    "Suits", "Flatters", "Great with", "Best with", "Sits over", "Beneath a", "Nice next to",
    "Also see our", "Ideal under a", "Works over", "Tuck into", "Set it against", "Add a",
    "Finish with", "Throw over", "Unlike our", "Compared with the", "A companion to the",
    "Customers also loved:", "You may also like:", "Model also wears", "Try it with",
    "Style with", "Layer with a", "Shown here with", "Contrast it against", "See also:",
    "A review says: I also bought a", "Others took", "From the same shop:", "Bought with",
    "Popular picks:", "Sponsored:", "Viewed together:", "Our stylist adds a", "Balance it with a",
    "Drape it over a", "Slip it under a", "Think", "Swap it for", "You could wear a", "Meet the",
    "Sings next to", "At home with", "The best friend of", "Free with it: a", "Not included:",
    "Sold elsewhere:", "The model has a", "Stands out against", "Will lift any", "Goes over",
    "Searches like this:", "Next to it in the picture:", "Good friends:", "Our other pieces:",
    "Belongs on top of", "Slides under", "Matches", "For days with", "Sold separately:",
    "Soon again in stock:", "She styled it with", "Hide it beneath",
)  # fmt: skip
DENIALS = (
    "Not", "It is not", "This is not", "No", "Without any", "Without", "Not at all", "Never",
    "There is no", "Free of", "Comes without", "Does not have", "Non", "Do not expect",
    "It has no", "that is not", "It isn't", "Isn't", "Neither",
)  # fmt: skip
COMPARED = (
    "Lighter than a", "Warmer than any", "Softer than your", "As comfortable as", "Longer than our",
    "Roomier than the", "Looks like", "Feels like a", "Shorter than a", "Smarter than",
    "Easier than", "More fun than last year's", "Half way between a shirt and a", "Wider than",
    "Better than any", "Not unlike a", "As easy as", "Cut like",
)  # fmt: skip
FOREIGN = (
    "Camisa de manga larga", "Pantalon noir coupe droite", "Hemd mit langen Ärmeln", "नीली कमीज",
    "Falda corta de rayas", "Maglietta a righe", "Robe longue imprimée",
    "قميص أزرق بأكمام طويلة",
    "Blauer Pullover", "白いシャツ",
    "Chemise à carreaux", "Красная рубашка", "Saia curta estampada",
)  # fmt: skip
OCCASIONS = (
    "Ethnic", "Festive", "Party", "Casual", "Winter", "Summer", "Office", "Beach", "Weekend",
    "Wedding", "Sports", "Monsoon", "Boys", "Girls", "Women's", "Men's", "Trendy", "Designer",
    "Traditional", "Western", "Holiday", "Premium", "Comfort", "Button-front casual",
)  # fmt: skip
WARES = (
    "wear", "outfit", "essential", "collection", "clothing", "fashion", "style", "piece", "garment",
    "favourite", "arrival", "look", "apparel", "gift", "edit", "ensemble", "classic",
)  # fmt: skip
SUFFIXES = (
    "o", "ora", "wood", "ie", "son", "ley", "ton", "berg", "ster", "well", "ex", "ini", "ay",
    "ido", "ando", "ito", "que", "eur", "heid", "lich", "ska", "wala", "pur", "esque", "ium",
)  # fmt: skip
NAMES = (
    "Bay", "Lane", "Mill", "House", "Fox", "Crow", "Anchor", "Room", "Union", "Theory", "Moon",
    "Street", "Leaf", "Stone", "Hill", "Project", "Republic", "Co", "Sons", "Circle", "Harbour",
    "Tree", "Wolf", "Needle", "Loom", "Garden", "Door", "Dot", "Valley", "Society", "Works",
    "Mango", "Monkey", "Acre", "Parlour", "Velvet", "Thumb", "Sheep", "Flag", "Bull", "Racing",
    "Matter", "Sail", "Fox", "Chief", "Stuff", "Panther", "Rebel", "Atlas", "Island", "Coast",
    "Lantern", "Tiger", "Bear", "Rose", "Fish", "Lily", "Owl", "Nation", "Army", "Club", "Field",
    "Market", "Line", "Note", "Page", "Pepper", "Sugar", "Ribbon", "Rhythm", "Saint", "Star",
    "Temple", "Theatre", "Tribe", "Village", "Wagon", "Water", "Wave", "Wild", "Wind", "Zebra",
    "Bird", "Mountain", "Label", "Studio", "Avenue", "Sky", "Rabbit", "Chapter",
    "River", "Factory", "Company", "Story", "Collective", "Box", "Ocean", "Road", "Planet", "Tiger",
)  # fmt: skip
TRIMS = (
    "logo", "buttons", "zip", "piping", "stitching", "tassel", "lining", "label", "rivets", "patch",
    "leather patch", "thread", "buckle", "drawstring", "zipper", "embroidered logo", "eyelets",
    "pocket bags", "inner waistband", "brand tag", "snap buttons", "hem tape", "small trim",
)  # fmt: skip
TRIMMED = (
    "A {faint} {trim}.", "with a {faint} {trim}", "{faint} {trim} at the back.",
    "Details: {faint} {trim}, side slits.", "Its {trim} is {faint}.", "{trim} in {faint}",
    "Lined with {faint} satin.", "Inside: {faint} lining", "{faint} fleece lining and a {trim}",
    "A small {faint} {trim} on the chest", "and {faint} {trim}",
)  # fmt: skip
SAID_OF_BRAND = (
    "{brand} makes its clothes by hand.", "By {brand}.", "Brand: {brand}", "Sold by {brand}.",
    "{brand}'s best seller.", "From {brand}", "{brand} since 1994.", "Official {brand} product",
    "Another one from {brand}.", "{brand} knits in soft wool.", "A favourite of {brand} fans.",
    "Made for {brand}.", "{brand}", "{brand} quality.", "{brand} merch.", "Official {brand} merch.",
    "{brand} is a label from Goa.", "{brand} denim.", "{brand} tour.", "{brand} fan wear.",
)  # fmt: skip


def misleading(said: Mapping[str, str], brand: str, rng: Random) -> Line:
    """Return one line of a kind drawn at random, fit for a garment of which `said` is stated."""
    kinds = (_idiom, _idiom, _measure, _aside, _aside, _denial, _denial, lack, lack, _compared,
             _trim, _trim, _sleeves)  # fmt: skip
    if brand and rng.random() < 0.15:
        return (Piece(rng.choice(SAID_OF_BRAND).format(brand=brand)),)
    return rng.choice(kinds)(said, rng)


def brand_name(rng: Random) -> str:
    """Return a name that is, holds or begins like a word we know: "Grey Lane", "Sandora"."""
    word = _word(rng.choice(("hue", "pattern", "item", "length")), rng).split()[-1].title()
    kind = rng.random()
    if kind < 0.3:
        return word + rng.choice(SUFFIXES)
    if kind < 0.4:
        return f"{word} & {rng.choice(NAMES)}"
    if kind < 0.5:
        return f"The {word} {rng.choice(NAMES)}"
    return f"{word} {rng.choice(NAMES)}"


def gibberish(rng: Random) -> str:
    """Return words of no language, of one we do not read, or that only begin like ours."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789👕✨"
    words = []
    for _ in range(rng.randint(0, 6)):
        kind = rng.random()
        if kind < 0.4:
            words.append("".join(rng.choices(letters, k=rng.randint(1, 8))))
        elif kind < 0.7:
            words.append(brand_name(rng).split()[0].lower() + rng.choice(SUFFIXES))
        else:
            words.append(rng.choice(FOREIGN))
    return " ".join(words)


def nothing(rng: Random) -> str:
    """Return a title that names neither a garment nor anything of it: "Festive wear for boys"."""
    title = f"{rng.choice(OCCASIONS)} {rng.choice(WARES)}"
    return title + rng.choice(("", " for men", " for women", " for girls", " for every day", "!"))


def _word(head: str, rng: Random) -> str:
    values = list(HUES) if head == "hue" else VALUES[head]
    return say(f"{head}:{rng.choice(values)}", rng)


def _quality(rng: Random) -> str:
    return say(f"pattern:{rng.choice(VALUES['pattern'])}", rng, noun=False)


def _idiom(_: Mapping[str, str], rng: Random) -> Line:
    return (Piece(rng.choice(IDIOMS)),)


def _measure(_: Mapping[str, str], rng: Random) -> Line:
    parts = [rng.choice(MEASURES) for _ in range(rng.choice((1, 1, 2)))]
    text = ", ".join(parts)
    while "{n}" in text:
        text = text.replace("{n}", rng.choice((str(rng.randint(6, 120)), "24.5", "17")), 1)
    return (Piece(text + rng.choice(("", "."))),)


def _aside(_said: Mapping[str, str], rng: Random) -> Line:
    """Other garments, in words of which the sentence filter knows few."""
    things = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        words = [
            _word("hue", rng),
            say(f"pattern:{rng.choice(VALUES['pattern'])}", rng, noun=False),
        ]
        if rng.random() < 0.3:
            words.append(_word("length", rng))
        drawn = rng.sample(words, rng.choice((0, 1, 2)))
        things.append(" ".join((*drawn, _word("item", rng))))
    return (Piece(f"{rng.choice(ASIDES)} {rng.choice((', ', ' and ', ' | ')).join(things)}."),)


def _denial(said: Mapping[str, str], rng: Random) -> Line:
    """A value the garment does not have, with or without what it has instead.

    "no print" is left out: it states a plain one.
    """
    kind = rng.random()
    if kind < 0.25 and said.get("item", "").startswith("item:"):
        return _not_this_item(said, rng)
    if kind < 0.4 and "length" in said:
        return _not_this_length(said["length"], rng)
    head = "hue" if rng.random() < 0.3 else "pattern"
    values = [v for v in (HUES if head == "hue" else ("striped", "checked"))
              if f"{head}:{v}" not in said.values()]  # fmt: skip
    denied = [say(f"{head}:{v}", rng) for v in rng.sample(values, min(2, len(values)))]
    start = rng.choice(DENIALS)
    if len(denied) == 2 and rng.random() < 0.4:
        joint = rng.choice((" or ", " nor ", ", no ", ", not ", ", without "))
        text = f"{start} {denied[0]}{joint}{denied[1]}"
    else:
        text = f"{start} {denied[0]}" if denied else "Not for everyone"
    own = [label for name, label in said.items() if name in ("pattern", "hue")]
    if not own or rng.random() < 0.4:
        return (Piece(text + rng.choice(("", ".", " here.", " at all."))),)
    glue = rng.choice((", ", ", just ", ": ", " but ", "; it is ", ", only ", " - "))
    stated = [p for label in own for p in (_say(label, rng), Piece(" "))]
    if rng.random() < 0.3:
        return (*stated, Piece(", " + text[:1].lower() + text[1:] + "."))
    return (Piece(text + glue), *stated)


def _not_this_item(said: Mapping[str, str], rng: Random) -> Line:
    own, other = said["item"], _word("item", rng)
    if rng.random() < 0.5 and (own not in IMPLIED or "length" in said):
        return (Piece(f"Not a {other} but a "), _say(own, rng), Piece("."))
    return (Piece(rng.choice((f"This is not a {other}.", f"Not {other}, not a dress.",
                              f"It isn't a {other}, mind."))),)  # fmt: skip


def _not_this_length(own: str, rng: Random) -> Line:
    value = own.partition(":")[2]
    fellows = [v for v in VALUES["length"] if WEAR_OF["length"][v] == WEAR_OF["length"][value]]
    if rng.random() < 0.4:
        glue = rng.choice((", ", ": ", ", no, ", "; ", " like my other one, "))
        return (Piece(denied_end(value, rng) + glue), Piece(told(value, rng), frozenset({own})),
                Piece("."))  # fmt: skip
    other = f"length:{rng.choice([v for v in fellows if v != value and v != 'sleeveless'])}"
    if value in LONG and rng.random() < 0.2:
        said = Piece(f"{rng.choice(LONG[value])} ones", frozenset({own}))
        return (Piece(f"It does not have {say(other, rng)} but "), said, Piece("."))
    glue = rng.choice((" but ", ", they are ", ": it has ", ", instead "))
    return (Piece(f"{rng.choice(('Not', 'These are not', 'It does not have'))} "),
            Piece(say(other, rng)), Piece(glue), _say(own, rng), Piece("."))  # fmt: skip


def _compared(said: Mapping[str, str], rng: Random) -> Line:
    other = " ".join((_word(rng.choice(("hue", "pattern")), rng), _word("item", rng)))
    if rng.random() < 0.6:
        other = _word("item", rng)
    text = f"{rng.choice(COMPARED)} {other}"
    if rng.random() < 0.4:
        text += f", {rng.choice(COMPARED).lower()} {_word('item', rng)}"
    own = [label for name, label in said.items() if name in ("pattern", "hue", "length")]
    if not own or rng.random() < 0.5:
        return (Piece(text + "."),)
    glue = rng.choice((", this one is ", ": ", ", yet it is ", "; ours is ", ", now with "))
    return (Piece(text + glue), _say(rng.choice(own), rng), Piece("."))


def _trim(_: Mapping[str, str], rng: Random) -> Line:
    """Colors and patterns of what is too small to color the garment, or hidden inside."""
    faint = _word("hue", rng)
    line, trim = rng.choice(TRIMMED), rng.choice(TRIMS)
    if "lin" in line.lower() and rng.random() < 0.5:
        faint = _quality(rng)
    return (Piece(line.format(faint=faint, trim=trim)),)


def _sleeves(_: Mapping[str, str], rng: Random) -> Line:
    """Sleeves of a manner, not of a length."""
    return (Piece(f"{rng.choice(SLEEVE_KINDS)}{rng.choice((' ', '-style ', ' type '))}sleeves"),)


def _say(label: str, rng: Random) -> Piece:
    return Piece(say(label, rng), frozenset({label}))
