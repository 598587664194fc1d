"""Files of records: from the command line and from a page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from throughcare.access import accounts
from throughcare.intake import actions, importing, reports
from throughcare.intake.api import known_kinds
from throughcare.intake.models import Import

pytestmark = pytest.mark.django_db

PEOPLE = (
    "record_ref,agency,names,date_of_birth,expected_date_of_birth,sex,address,identifiers,identified,same_as\n"
    "C1,LA,Rowan Invented,2024-03-09,,M,,,yes,\n"
)
HEAD = "ref,kind,agency,author_role,happened,happened_to,precision,noted,shared,concerns,basis,summary,body,corrects\n"
BODY = '"{""weight"": ""concern"", ""seen_or_told"": ""seen""}"'


def row(
    ref: str, *, noted: str = "2026-03-02T10:15", summary: str = "Seen.", corrects: str = "", record: str = "C1"
) -> str:
    """A row of entries.csv that is right."""
    return (
        f"{ref},safeguarding.observation,LA,social worker,2026-03-01,,day,{noted},,subject={record},seen,"
        f'"{summary}",{BODY},{corrects}\n'
    )


@pytest.fixture
def council(db: None) -> str:
    """An agency."""
    return accounts.keep_agency("LA", name="Fellbeck Council", sector="la", at=datetime.now(UTC))


@pytest.fixture
def files(tmp_path: Path, council: str) -> Callable[..., Path]:
    """Write files; return that of entries."""

    def written(*rows: str, people: str = PEOPLE) -> Path:
        (tmp_path / "people.csv").write_text(people)
        path = tmp_path / "entries.csv"
        path.write_text(HEAD + "".join(rows))
        return path

    return written


def run(*arguments: Any) -> tuple[int, str, dict[str, Any]]:
    """Run the command: its end, what it said, its report."""
    report = Path(arguments[0]).parent / "report.json"
    out, code = io.StringIO(), 0
    try:
        call_command("import", *map(str, arguments), "--report", str(report), stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), json.loads(report.read_text())


def held() -> int:
    """How many entries are held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        return int(cursor.fetchone()[0])


# --- the command ---------------------------------------------------------------------------------------------------


def test_a_file_is_taken_and_the_same_again_changes_nothing(files: Callable[..., Path]):
    path = files(row("a"), row("b"))
    code, said, _ = run(path)
    assert (code, said) == (0, "3 kept, 0 held already, 0 refused.\n")
    code, said, _ = run(path)
    assert (code, said) == (0, "0 kept, 3 held already, 0 refused.\n")
    assert held() == 2


def test_good_rows_are_kept_and_bad_ones_are_reported_by_line(files: Callable[..., Path]):
    code, said, report = run(
        files(
            row("a"), row("b", noted="soon"), row("c", record="NOBODY"), "x,y\n", row("d", corrects="nothing"), row("e")
        )
    )
    assert (code, said.splitlines()[-1]) == (1, "3 kept, 0 held already, 4 refused.")
    refused = {one["line"]: one["faults"][0]["field"] for one in report["rows"] if one["outcome"] == "refused"}
    assert refused == {3: "noted", 4: "concerns.0", 5: "row", 6: "corrects"}
    assert held() == 2


def test_a_row_that_the_ledger_refuses_does_not_keep_the_others_out(files: Callable[..., Path]):
    run(files(row("a")))
    code, _, report = run(files(row("a", summary="Other."), row("b")))
    outcomes = {one["ref"]: one["outcome"] for one in report["rows"]}
    assert (code, outcomes) == (1, {"a": "refused", "b": "kept", "C1": "held already"})


def test_the_same_row_twice_in_a_file_is_one_entry_and_another_under_its_ref_is_refused(files: Callable[..., Path]):
    _, _, report = run(files(row("a"), row("a"), row("a", summary="Other.")))
    outcomes = [one["outcome"] for one in report["rows"] if one["file"] == "entries.csv"]
    assert outcomes == ["kept", "held already", "refused"]


def test_a_correction_comes_after_what_it_corrects_wherever_it_stands(files: Callable[..., Path]):
    early = row("c", noted="2026-03-02T08:00", summary="Corrected twice.", corrects="b")
    code, said, _ = run(files(early, row("b", summary="Corrected.", corrects="a"), row("a")))
    assert (code, said) == (0, "4 kept, 0 held already, 0 refused.\n")


def test_corrections_in_a_circle_are_refused_and_end(files: Callable[..., Path]):
    code, said, _ = run(files(row("a", corrects="b"), row("b", corrects="a"), row("c")))
    assert (code, said.splitlines()[-1]) == (1, "2 kept, 0 held already, 2 refused.")


def test_as_an_agency_only_its_own_rows_are_taken(files: Callable[..., Path]):
    accounts.keep_agency("POL", name="Police", sector="police", at=datetime.now(UTC))
    path = files(row("a"), row("b").replace(",LA,", ",POL,"))
    code, _, report = run(path, "--as", "LA")
    assert code == 1
    assert [one["outcome"] for one in report["rows"] if one["file"] == "entries.csv"] == ["kept", "refused"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"ref,kind\na,b\n", b'"unclosed'])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, council: str, content: bytes):
    from django.core.management.base import CommandError

    path = tmp_path / "entries.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"entries\.csv"):
        call_command("import", str(path))


def test_an_interruption_leaves_a_true_report(files: Callable[..., Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    path = files(*[row(f"r{n}", noted=f"2026-03-02T10:{n:02}") for n in range(6)])
    record, calls = importing.alerts.record, []

    def interrupted(*args: Any, **given: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return record(*args, **given)

    monkeypatch.setattr(importing.alerts, "record", interrupted)
    code, _, report = run(path)
    assert (code, report["kept"], report["not_reached"]) == (130, 5, 2)
    assert held() == 4
    monkeypatch.undo()
    assert run(path)[1] == "2 kept, 5 held already, 0 refused.\n"


def test_a_life_brings_its_agencies_and_its_figures_only_when_asked(tmp_path: Path, files: Callable[..., Path]):
    from throughcare.duties.models import Parameter

    files(row("a"))
    told = {"agencies": {"LA": {"sector": "la", "name": "Other"}, "GP": {"sector": "health", "name": "Surgery"}},
            "parameters": {"S13": {"length": 10}}}  # fmt: skip
    (tmp_path / "parameters.json").write_text(json.dumps(told))
    out = io.StringIO()
    call_command("import", str(tmp_path), stdout=out, stderr=io.StringIO())
    assert not Parameter.objects.exists()
    call_command("import", str(tmp_path), "--with-parameters", stdout=out, stderr=io.StringIO())
    assert Parameter.objects.get().figures == {"length": 10}


def test_hostile_cells_are_no_formulas_in_the_report():
    refused = importing.Row(
        file="entries.csv", line=2, outcome=importing.Outcome.REFUSED, agency="=1+1", ref="@SUM(A1)"
    )
    (cells,) = list(csv.reader(io.StringIO(reports.as_csv(reports.Report((refused,))))))[1:]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


LIVES = Path(__file__).resolve().parents[5] / "shared" / "lives"


@pytest.mark.acceptance
@pytest.mark.parametrize("name", ["sixty-contacts", "to-licence-end", "two-authorities"])
def test_a_life_is_taken_whole_and_again_without_change(db: None, name: str, tmp_path: Path):
    if not LIVES.exists():
        pytest.skip(f"{LIVES} is not there")
    for expected in ("0 refused", "0 kept"):
        out = io.StringIO()
        call_command("import", str(LIVES / name), "--quiet-history", stdout=out, stderr=io.StringIO())
        assert expected in out.getvalue(), out.getvalue()
    assert "0 refused" in out.getvalue()


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(council: str) -> Client:
    """A records officer, signed in."""
    return _signed_in("LA")


def _signed_in(agency: str) -> Client:
    at = datetime.now(UTC)
    user: UUID = accounts.make_user(
        f"{agency.lower()}@example.test", name="R. Officer", agency=agency, at=at, password="correct horse battery"
    )
    accounts.give_role(user, "records", at=at)
    client = Client()
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(id=user))
    return client


def upload(client: Client, entries: str | bytes, people: str | bytes | None = PEOPLE) -> Any:
    """Send files from the page and follow to the report."""

    def file(content: str | bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("secret name.csv", content.encode() if isinstance(content, str) else content)

    given = {"entries": file(entries)} | ({"people": file(people)} if people is not None else {})
    return client.post("/import", given, follow=True)


def test_a_file_from_the_page_is_taken_row_by_row_and_reported(officer: Client):
    assert officer.get("/import").status_code == 200
    answer = upload(officer, HEAD + row("a") + row("b", noted="soon"))
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "2 of 3 rows are kept" in said
    assert "Row 3 of entries.csv" in said
    assert held() == 1
    kept = Import.objects.get()
    assert (kept.entries, kept.people, kept.state) == (None, None, "done")
    assert "Rowan" not in json.dumps(kept.rows)
    report = officer.get(f"/import/{kept.pk}/report.csv")
    assert report.headers["Content-Disposition"] == f'attachment; filename="report-{kept.pk}.csv"'
    assert "soon" not in report.content.decode()


def test_another_agency_cannot_see_the_report(officer: Client):
    upload(officer, HEAD + row("a"))
    accounts.keep_agency("POL", name="Police", sector="police", at=datetime.now(UTC))
    other = _signed_in("POL")
    number = Import.objects.get().pk
    assert other.get(f"/import/{number}").status_code == 404
    assert other.get(f"/import/{number}/report.csv").status_code == 404


def test_rows_of_another_agency_are_refused_from_a_page(officer: Client):
    upload(officer, HEAD + row("a").replace(",LA,", ",POL,"))
    assert held() == 0


def test_many_refused_rows_stand_on_several_pages(officer: Client):
    answer = upload(officer, HEAD + "".join(row(f"r{n}", noted="soon") for n in range(120)))
    assert "Showing 1 to 50 of 120 refused rows" in answer.content.decode()
    number = Import.objects.get().pk
    assert "Showing 101 to 120 of 120" in officer.get(f"/import/{number}?page=3").content.decode()
    assert officer.get(f"/import/{number}?page=9999999999").status_code == 200


def test_a_long_file_is_worked_off_by_the_worker(officer: Client):
    answer = upload(officer, HEAD + "".join(row(f"r{n}") for n in range(400)))
    assert answer.headers["Refresh"] == "3"
    assert held() == 0
    number = Import.objects.get().pk
    actions.work_off(number, known_kinds(), now=lambda: datetime.now(UTC))
    answer = officer.get(f"/import/{number}")
    assert "401 of 401 rows are kept" in answer.content.decode()
    assert "Refresh" not in answer.headers
    actions.work_off(number, known_kinds(), now=lambda: datetime.now(UTC))
    assert held() == 400


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"ref\n", b"\x00" * 100, b'"' * 1_001, b"a," * 100_000, "\ufeff".encode() + HEAD.encode()],
    ids=range(6),
)
def test_a_file_that_cannot_be_read_says_so_and_nothing_is_kept(officer: Client, content: bytes):
    answer = upload(officer, content, None)
    assert answer.status_code == 200
    assert held() == 0
    assert Import.objects.get().entries is None


def test_a_file_that_is_too_large_or_empty_is_refused_with_what_to_do(officer: Client):
    assert upload(officer, b"x" * (5 * 1024 * 1024 + 1)).status_code == 422
    assert upload(officer, b"").status_code == 422
    assert officer.post("/import", {}).status_code == 422
    assert not Import.objects.exists()


def test_the_page_asks_for_the_permission(council: str):
    answer = Client().get("/import")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2Fimport")
