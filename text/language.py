"""Which language a title or description is written in, where it is not the English we read.

Counted by words that give a language away: its small words and what its shops call garments and
colors. A statistical identifier was measured and left out: py3langid takes 77 MB and calls
"Blue kurta" Guarani; titles are too short for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from text.lexicon import phrases

WORD = re.compile(r"[^\W\d_]+")
ENGLISH = (
    "the and with for of is it this that from to your has have are its by on or not no at "
    "be as you will can our these an in made wear fit size women men kids girls boys s soft "
    "style cotton all day comes features look neck round pocket pockets sleeve collar "
    "fabric new best wash great more only very per"
)
TOLD_BY = {
    "Spanish": (
        "de la el los las con para y una un por muy sin del es en que manga larga corta "
        "mangas camisa camiseta vestido falda pantalones chaqueta hombre mujer azul rojo "
        "roja negro negra blanco blanca verde rayas cuadros algodón estampado talla"
    ),
    "French": (
        "de la le les des du et avec pour une un sans est en au aux ce cette dans sur "
        "manches chemise robe jupe pantalon veste pull homme femme bleu rouge noir noire "
        "blanc blanche vert gris longues courtes rayures carreaux coton imprimé taille"
    ),
    "German": (
        "der die das und mit für ein eine einer aus ist im am zum von dem den auf nicht "
        "sehr sich langen lange kurze kurzen ärmeln ärmel ärmellos hemd hose hosen kleid "
        "rock jacke pullover herren damen blau rot schwarz weiß grün grau gestreift kariert "
        "baumwolle größe farbe"
    ),
    "Italian": (
        "di il la lo gli le con per una un del della dei in che molto senza è da maniche "
        "lunghe corte camicia maglia maglietta maglione gonna pantaloni giacca vestito uomo "
        "donna blu rosso nero nera bianco verde grigio righe quadri cotone colore lana "
        "taglia collo"
    ),
    "Portuguese": (
        "de o os as com para uma um sem do da dos das em é na no por muito manga mangas "
        "camisa camiseta saia calça calças casaco vestido homem mulher feminina masculina "
        "azul vermelho preto preta branco verde cor algodão listrada estampada tamanho"
    ),
    "Dutch": (
        "de het een van met voor en is niet zonder op te zeer lange korte mouwen mouw trui "
        "broek rok jurk overhemd jas heren dames blauw rood rode zwart zwarte wit groen "
        "grijs gestreept katoen geruit wol maat kleur"
    ),
    "Polish": (
        "i w z na do dla bez jest nie się oraz długi długim krótki rękaw rękawem koszula "
        "koszulka sukienka spódnica spodnie kurtka sweter męska męskie damska damskie "
        "czarny czarne czarna niebieski czerwony biały zielony szary kratę paski bawełny "
        "bawełna rozmiar"
    ),
    "Swedish": (
        "och med för en ett av är som på till inte utan den det i långa långärmad korta ärm "
        "ärmar skjorta tröja byxor kjol klänning jacka herr dam blå röd svart vit grön grå "
        "randig rutig bomull storlek"
    ),
    "Turkish": (
        "ve ile için bir çok bu kadın erkek uzun kısa kollu kolsuz gömlek tişört pantolon "
        "etek elbise ceket kazak mavi kırmızı siyah beyaz yeşil gri çizgili kareli pamuklu "
        "pamuk renk beden"
    ),
    "Romanian": (
        "cu și pentru de din fără este o un la în pe mâneci mânecă lungă scurtă cămașă "
        "tricou rochie fustă pantaloni jachetă pulover bărbați femei albastru roșu negru "
        "alb verde bumbac dungi carouri mărime"
    ),
    "Indonesian": (
        "dan dengan untuk yang dari ini di tanpa pria wanita lengan panjang pendek kemeja "
        "kaos celana rok gaun jaket biru merah hitam putih hijau abu katun ukuran warna"
    ),
}
LEAD = 2  # telling words more than English ones: "La Vie De Bohème Women Top" is a brand's name


def foreign(title: str, description: str) -> dict[str, str]:
    """Return the language of each text that is not English: {"title" or "description": name}.

    Where a text has no telling word of any language ("Item 4471"), it goes with the other one.
    """
    texts = {"title": title, "description": description}
    names = {where: _told(text) for where, text in texts.items() if text.strip()}
    found = {where: name for where, name in names.items() if name}
    if found and "" not in names.values():  # the other text does not tell
        return dict.fromkeys(names, next(iter(found.values())))
    return found


def _told(text: str) -> str | None:
    """Return the language's name, "" for English, None where no word tells."""
    script = None if text.isascii() else _script(text)
    if script:
        return script
    words = set(WORD.findall(text.lower()))
    english = len(words & _english())
    hits = Counter(name for word in words for name in _languages().get(word, ()))
    name, most = hits.most_common(1)[0] if hits else ("", 0)
    if most >= english + LEAD:
        return name
    return "" if english else None


def _script(text: str) -> str | None:
    """Return the script most letters are written in, None if that is the Latin one."""
    counted = Counter(_script_of(letter) for letter in text if letter.isalpha())
    name = counted.most_common(1)[0][0] if counted else "LATIN"
    return None if name == "LATIN" else f"{name.title()} script"


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "LATIN").split()[0]
    return "LATIN" if name in ("FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MICRO") else name


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Return the small words and the single words that our phrases are made of."""
    return frozenset(ENGLISH.split()) | {word for phrase in phrases() for word in phrase.split()}


@lru_cache(maxsize=1)
def _languages() -> dict[str, tuple[str, ...]]:
    """Return each telling word with the languages it tells of; English words tell of none."""
    table: dict[str, tuple[str, ...]] = {}
    for name, words in TOLD_BY.items():
        for word in dict.fromkeys(words.split()):
            if word not in _english():
                table[word] = (*table.get(word, ()), name)
    return table
