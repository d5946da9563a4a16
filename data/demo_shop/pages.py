"""Pages of the demo shop in its four styles, as templates and the data they show."""

from __future__ import annotations

from typing import Any

from data.demo_shop.products import Product

STYLES = ("jsonld", "microdata", "script", "rendered")
PER_PAGE = 24
_SPELLINGS = {  # what shops write for our labels, in turn
    "Sleeve Length": ("Sleeve Length", "Sleeve", "Sleeve Type"),
    "Pattern": ("Pattern", "Fabric Pattern", "Print or Pattern Type"),
    "Length": ("Length", "Leg Length", "Length Type"),
    "Fit": ("Fit", "Fit Type", "Fit"),
}


def product_path(style: str, product: Product, color: int) -> str:
    """Return where a color of a product is shown."""
    return f"/{style}/p/{product.code.lower()}" + (f"-{color}" if color else "")


def rows(product: Product, *, gender: bool = True) -> list[tuple[str, str]]:
    """Return the product's attribute table, its labels spelled as one of many shops does."""
    table = [
        (_spelled(label, product.number), value) for label, value in product.attributes.items()
    ]
    return table + ([("Ideal For", product.gender)] if gender and product.gender else [])


def siblings(style: str, product: Product, color: int) -> list[str]:
    """Return where the product's other colors are shown."""
    others = (at for at in range(len(product.colors)) if at != color)
    return [product_path(style, product, at) for at in others]


def json_ld(style: str, product: Product, color: int) -> dict[str, Any]:
    """Return a schema.org ProductGroup of all colors, or a Product where there is one only."""
    common = {
        "@context": "https://schema.org",
        "name": product.title,
        "description": product.description,
        "category": product.category,
        "brand": {"@type": "Brand", "name": product.brand},
    }
    variants = [_json_ld_color(style, product, at) for at in range(len(product.colors))]
    if len(variants) == 1:
        return common | {"@type": "Product", "sku": product.code} | variants[0]
    group = {"@type": "ProductGroup", "productGroupID": product.code, "variesBy": "color"}
    return common | group | {"hasVariant": [{"@type": "Product", **one} for one in variants]}


def _json_ld_color(style: str, product: Product, color: int) -> dict[str, Any]:
    return {
        "url": product_path(style, product, color),
        "color": product.colors[color],
        "image": photo_paths(product, color),
        "offers": {"@type": "Offer", "price": str(product.price), "priceCurrency": "INR"},
    }


def script_data(style: str, product: Product, color: int) -> dict[str, Any]:
    """Return what a shop as Myntra keeps in its script variable."""
    return {
        "page": "product",
        "pdp": {
            "id": product.code,
            "name": product.title,
            "brand": {"name": product.brand},
            "analytics": {"gender": product.gender, "articleType": product.category},
            "baseColour": product.colors[color],
            "price": {"discounted": product.price},
            "descriptors": [{"description": product.description}],
            "articleAttributes": dict(rows(product, gender=False)),
            "media": {"albums": [{"images": [{"src": p} for p in photo_paths(product, color)]}]},
            "colours": [{"url": link} for link in siblings(style, product, color)],
        },
    }


def photo_paths(product: Product, color: int) -> list[str]:
    """Return the addresses of the photos that a color's page shows."""
    return [f"/photos/{name}" for name in product.views(color)]


def _spelled(label: str, number: int) -> str:
    return _SPELLINGS[label][number % 3]
