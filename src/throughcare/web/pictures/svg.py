"""The few pieces of SVG that all pictures are made of. Every word is escaped; nothing carries a style attribute."""

from __future__ import annotations

from html import escape

from markupsafe import Markup


def safe(drawn: str) -> Markup:
    """Return a finished picture as markup. Only for what this room drew: all words in it are escaped already."""
    return Markup(drawn)  # noqa: S704 - see above


def attribute(words: str) -> str:
    """Return words made safe to stand between double quotes."""
    return escape(words, quote=True)


def text(x: float, y: float, words: str, cls: str = "", anchor: str = "start", *, hidden: bool = False) -> str:
    """Return words at a place. `hidden`: not read out, since a name nearby says the same."""
    extra = ' aria-hidden="true"' if hidden else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{cls}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{cls}"/>'


def rect(x: float, y: float, width: float, height: float, cls: str, *, fill: str = "") -> str:
    """Return a box. `fill`: the id of a pattern of this picture. Negative sizes are drawn as nothing."""
    paint = f' fill="url(#{attribute(fill)})"' if fill else ""
    size = f'width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{cls}"{paint}/>'


def path(d: str, cls: str, *, thick: float | None = None) -> str:
    """Return a path. `thick`: width of its stroke, where the class does not say."""
    stroke = "" if thick is None else f' stroke-width="{thick:g}"'
    return f'<path d="{d}" class="{cls}"{stroke}/>'


def titled(body: str, name: str) -> str:
    """Return a group that tells its name when pointed at."""
    return f"<g><title>{escape(name)}</title>{body}</g>"


def link(body: str, *, name: str, href: str, cls: str = "m", data: str = "") -> str:
    """Return a part of a picture that is a link with its full name. Only http, https and same-site addresses."""
    full = attribute(name)
    address = attribute(safe_address(href))
    return f'<a class="{cls}" href="{address}" aria-label="{full}"{data}><title>{full}</title>{body}</a>'


def safe_address(href: str) -> str:
    """Return an address, or "#" for one whose scheme could run a script."""
    before_path = href.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    if ":" in before_path and before_path.split(":", 1)[0].strip().lower() not in ("http", "https"):
        return "#"
    return href


def patterns(uid: str) -> str:
    """Return the fills that are told apart without colour. Ids are `uid`-silence, -plan, -enquiry, -custody, ..."""
    u = attribute(uid)

    def tile(name: str, size: int, inside: str, *, turned: bool = False) -> str:
        turn = ' patternTransform="rotate(45)"' if turned else ""
        ground = f'<rect width="{size}" height="{size}" class="p-{name}-bg"/>'
        return (
            f'<pattern id="{u}-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turn}>'
            f"{ground}{inside}</pattern>"
        )

    return (
        tile("silence", 6, '<line x1="0" y1="0" x2="0" y2="6" class="p-silence"/>', turned=True)
        + tile("plan", 5, "")
        + tile("enquiry", 5, '<circle cx="2.5" cy="2.5" r="1.1" class="p-enquiry"/>')
        + tile("custody", 4, '<line x1="1" y1="0" x2="1" y2="4" class="p-custody"/>')
        + tile("community", 8, "")
        + tile("private", 7, '<line x1="0" y1="0" x2="0" y2="7" class="p-private"/>', turned=True)
        + tile("public", 8, "")
    )


def frame(width: float, height: float, body: str, *, title: str, sentence: str, uid: str, cls: str = "") -> Markup:
    """Return a whole picture, named and described. `uid` must be used once in a page."""
    u = attribute(uid)
    return safe(
        f'<svg class="picture {cls}" viewBox="0 0 {width:.0f} {height:.0f}" role="group" '
        f'aria-labelledby="{u}-t" aria-describedby="{u}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{u}-t">{escape(title)}</title><desc id="{u}-d">{escape(sentence)}</desc>'
        f"<defs>{patterns(uid)}</defs>{body}</svg>"
    )
