"""Addresses of a person whose records are another person's now: they lead on, so that a link in a mail still works."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from throughcare.web.case import MovedOn


class LeadOn:
    """Sends who opens the page of a joined person to the same page of the person who holds the records now.

    What was sent to it (a form that was open while the records were joined) was not kept: the page is shown anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do but where a page raised `MovedOn`."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer `MovedOn`; everything else is not ours."""
        if not isinstance(exception, MovedOn):
            return None
        address = request.get_full_path() if request.method == "GET" else request.path
        return HttpResponseRedirect(address.replace(str(exception.person), str(exception.heir)))
