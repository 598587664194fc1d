"""The stops of the time strip: one tick for each moment at which something became known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures import svg
from throughcare.web.pictures.scale import Scale

BY_DAYS = 366
"""Beyond so many days a stop stands for its day: no two of one day could be told apart."""


def moments(stops: Sequence[datetime], current: datetime) -> Markup:
    """Return the strip; nothing for no stops. Only for the eye: the buttons beside it do the same."""
    if not stops:
        return Markup("")
    days = [words.local_day(t) for t in (min(stops), max(stops), current)]
    x = Scale(min(days), max(days) + timedelta(days=1), 2, 1178)
    if x.days > BY_DAYS:  # a long life has thousands of stops: of each day one is placed
        stops = list({(t.date(), t > current): t for t in stops}.values())
    past = sorted({round(x(t)) for t in stops if t <= current})
    later = sorted({round(x(t)) for t in stops if t > current})
    at = x(current)
    body = (
        svg.path("".join(f"M{t},12v14" for t in past), "stop")
        + svg.path("".join(f"M{t},12v14" for t in later), "stop later")
        + svg.path(f"M{at - 6:.1f},0h12l-6,9Z", "pointer")
        + svg.line(at, 8, at, 28, "now")
    )
    return svg.safe(
        '<svg class="moments" viewBox="0 0 1180 30" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{body}</svg>"
    )
