"""Files of records from a page, row by row; and the page for developers.

A short file is taken in at once; for a longer one the report page looks again by itself until the worker is done.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from throughcare.access import doors
from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.intake import actions, limits, queries, reports
from throughcare.intake.api import api, known_kinds
from throughcare.intake.importing import Files
from throughcare.intake.queries import Sent
from throughcare.web import words
from throughcare.web.frame import frame
from throughcare.web.page import ImportPage, ImportReport, RefusedRow
from throughcare.web.parts import Fact, Field, Form, Mistake, Pages, Table
from throughcare.web.shell import Choice, Link

PAGE: Final = 50  # refused rows on one page


@open_to(Permission.IMPORT, methods=("GET", "POST"))
def send_file(request: HttpRequest) -> HttpResponse:
    """Ask for a file, and take it."""
    if request.method != "POST":
        return _ask(request)
    doors.spend(request, "import", most=_files_an_hour(), per=timedelta(hours=1))
    mistakes = dict(_mistakes(request))
    if mistakes:
        return _ask(request, mistakes, status=422)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    people = request.FILES.get("people")
    files = Files(entries=_read(request.FILES["entries"]), people=_read(people) if people else None)
    number, short = actions.send(
        files,
        agency=viewer.agency,
        by=viewer.id,
        at=request.at,  # type: ignore[attr-defined]
        quiet=request.POST.get("history") == "yes",
    )
    if short:
        actions.work_off(number, known_kinds(), now=timezone.now)
    request.looking.object_kind, request.looking.object_id = "import", str(number)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("import_report", args=[number]))


def _files_an_hour() -> int:
    """How many files one account may send in an hour."""
    return int(getattr(settings, "IMPORTS_AN_HOUR", 60))


def _read(file: Any) -> bytes:
    with file.open("rb") as opened:
        return bytes(opened.read(limits.MOST_BYTES + 1))


def _mistakes(request: HttpRequest) -> Any:
    """What is wrong with the files themselves: (field, what to do)."""
    most = f"{limits.MOST_BYTES // 1024 // 1024} MB"
    for name, said in (("entries", "entries"), ("people", "people")):
        file: UploadedFile[bytes] | None = request.FILES.get(name)
        if file is None or not file.size:
            if name == "entries" or file is not None:
                yield name, f"Choose a file of {said} that is not empty"
        elif file.size > limits.MOST_BYTES:
            yield name, f"Choose a file of {said} of at most {most}; an operator can take in a larger one"


def _ask(request: HttpRequest, mistakes: dict[str, str] | None = None, *, status: int = 200) -> HttpResponse:
    wrong = mistakes or {}
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = Form(
        action=reverse("import"),
        button="Send the file",
        with_files=True,
        mistakes=tuple(Mistake(said, f"#id_{name}") for name, said in wrong.items()),
        fields=(
            Field(
                name="entries",
                label="File of entries",
                kind="file",
                hint="CSV in UTF-8, up to 5 MB: the columns of entries.csv",
                error=wrong.get("entries", ""),
            ),
            Field(
                name="people",
                label="File of people, if there are new ones",
                kind="file",
                hint="CSV in UTF-8, up to 5 MB: the columns of people.csv",
                error=wrong.get("people", ""),
            ),
            Field(
                name="history",
                label="Are these records of long ago?",
                kind="checkboxes",
                choices=(Choice(value="yes", label="Yes: work out what follows, but tell nobody of it"),),
            ),
        ),
    )
    page = ImportPage(
        shell=frame(request, title="Send records in"),
        form=form,
        recent=_recent(queries.recent(viewer.agency)),
        guide=Link("How a file must look", reverse("developers")),
    )
    return render(request, "import.html", {"page": page}, status=status)


def _recent(files: list[Sent]) -> Table | None:
    if not files:
        return None
    return Table(
        caption="Files that your agency sent",
        heads=("File", "Sent", "Kept", "Held already", "Refused"),
        rows=tuple(
            (
                Link(f"Number {one.number}", reverse("import_report", args=[one.number])),
                words.moment(one.at),
                f"{one.kept:,}",
                f"{one.held:,}",
                f"{one.refused:,}",
            )
            for one in files
        ),
        numbers=(2, 3, 4),
    )


# --- the report ----------------------------------------------------------------------------------------------------


@open_to(Permission.IMPORT)
def report(request: HttpRequest, number: int) -> HttpResponse:
    """What became of the rows of a file; while it is worked off, how far that is."""
    one = _sent(request, number)
    refused = [row for row in one.rows if row.outcome == "refused"]
    at, pages = _pages(request, len(refused))
    page = ImportReport(
        shell=frame(request, title=f"File {one.number}"),
        title=_title(one),
        facts=_facts(one),
        refused=tuple(
            RefusedRow(
                row=f"Row {row.line} of {row.file}",
                ref=row.ref,
                field=fault.field,
                wrong=fault.wrong,
                right=fault.right,
            )
            for row in refused[at : at + PAGE]
            for fault in row.faults
        ),
        pages=pages,
        download=Link("Download the report of every row (CSV)", reverse("import_download", args=[one.number]))
        if one.state == "done"
        else None,
        links=(Link("Send another file", reverse("import")),),
    )
    response = render(request, "import_report.html", {"page": page})
    if one.state == "waiting":
        response.headers["Refresh"] = "3"
    return response


def _sent(request: HttpRequest, number: int) -> Sent:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = queries.sent(number, agency=viewer.agency) if number < 2**62 else None
    if one is None:
        raise Http404
    request.looking.object_kind, request.looking.object_id = "import", str(number)  # type: ignore[attr-defined]
    return one


def _title(one: Sent) -> str:
    if one.state == "unreadable":
        return "The file could not be read; nothing of it was kept"
    if one.state == "waiting":
        return "Your file is being taken in. This page looks again by itself"
    return f"{one.kept + one.held:,} of {one.total:,} rows are kept"


def _facts(one: Sent) -> tuple[Fact, ...]:
    facts = [Fact("File", f"Number {one.number}"), Fact("Sent", words.moment(one.at))]
    if one.wrong:
        facts.append(Fact("What is wrong", one.wrong))
    counts = (("Kept", one.kept), ("Held already", one.held), ("Refused", one.refused))
    facts += [Fact(name, f"{count:,}") for name, count in counts]
    if one.state == "waiting":
        left = one.total - one.kept - one.held - one.refused
        facts.append(Fact("Still to do", f"{left:,}" if one.total else "Not counted yet"))
    return tuple(facts)


def _pages(request: HttpRequest, total: int) -> tuple[int, Pages | None]:
    """Which refused row the page begins with, and the way to the others."""
    written = request.GET.get("page", "1")
    last = max(1, -(-total // PAGE))
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 1
    number = min(max(number, 1), last)
    at = (number - 1) * PAGE
    if last == 1:
        return at, None
    return at, Pages(
        said=f"Showing {at + 1:,} to {min(at + PAGE, total):,} of {total:,} refused rows",
        previous_href=f"?{urlencode({'page': number - 1})}" if number > 1 else "",
        next_href=f"?{urlencode({'page': number + 1})}" if number < last else "",
    )


@open_to(Permission.IMPORT, act="export")
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The report of every row, as CSV."""
    one = _sent(request, number)
    doors.exported(request, "import", str(number), count=len(one.rows))
    response = HttpResponse(reports.as_csv(reports.Report.of(one.rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{number}.csv"'
    return response


# --- for developers ------------------------------------------------------------------------------------------------


@open_to(EVERYONE)
def developers(request: HttpRequest) -> HttpResponse:
    """What the API can do, as a list, and where it is described in full."""
    described = api.get_openapi_schema()
    operations = tuple(
        (method.upper(), path, operation["summary"])
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    )
    page = {
        "shell": frame(request, title="For developers"),
        "table": Table(caption="What the API can do", heads=("Method", "Address", "What it does"), rows=operations),
        "description": f"{settings.SITE_URL}/api/openapi.json",
    }
    return render(request, "developers.html", {"page": page})
