"""A life is read row by row: the six lives whole, and hostile files with a clean refusal."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger import checking, kinds, life
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.errors import EntryRefused
from throughcare.ledger.life import FileRefused, Identifier, LifeRefused, PersonRecord
from throughcare.ledger.raw import from_raw, to_raw

KINDS = kinds.load(path.parent.name for path in Path(kinds.__file__).parents[1].glob("*/entries.py"))
LIVES = Path(__file__).parents[4] / "tests" / "lives"
NAMES = {
    "fifty-six-days": 35,
    "kept-in-time": 47,
    "open-hearing": 77,
    "sixty-contacts": 135,
    "to-licence-end": 35,
    "two-authorities": 33,
}

HEADER = ",".join(life.ENTRY_COLUMNS)
ROW = 'a1,people.died,LA,nurse,2024-05-07,,day,2024-05-07T10:10,GP@2024-05-07T11:00,subject=LA-1,seen,"a, b",{},'
PEOPLE_HEADER = ",".join(life.PEOPLE_COLUMNS)
PERSON = "LA-1,LA,Nell Garrow;Nell Hobbs,2017-06-02,,F,1 Weir Street,nhs=9990000018;upn=X1,no,"


def entries(*lines: str, header: str = HEADER, end: str = "\n") -> list[tuple[int, Entry | EntryRefused]]:
    return list(life.rows(end.join([header, *lines]).encode("utf-8", "surrogatepass"), KINDS))


def refusal(line: str) -> EntryRefused:
    [(number, refused), (_, kept)] = entries(line, ROW)
    assert number == 2
    assert isinstance(kept, Entry)
    assert isinstance(refused, EntryRefused)
    return refused


@pytest.mark.parametrize(("name", "count"), NAMES.items())
def test_each_life_is_read_whole(name: str, count: int) -> None:
    read = life.read(LIVES / name, KINDS)
    assert len(read.entries) == count
    assert all(entry.received == entry.noted for entry in read.entries)
    assert {record.agency for record in read.records} <= set(read.agencies)


@pytest.mark.parametrize("name", NAMES)
def test_each_entry_of_a_life_is_written_and_read_again_as_the_same(name: str) -> None:
    for entry in life.read(LIVES / name, KINDS).entries:
        assert checking.check(to_raw(entry), KINDS) == replace(entry, received=None)
        assert from_raw(to_raw(entry), received=entry.received) == entry


def test_a_row_becomes_an_entry() -> None:
    [(line, entry)] = entries(ROW)
    assert line == 2
    assert isinstance(entry, Entry)
    assert entry.summary == "a, b"
    assert entry.who() == [Record("LA", "LA-1")]
    assert [share.agency for share in entry.shared] == ["GP"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_of_any_make_are_read(end: str, mark: str) -> None:
    [(_, entry)] = entries(ROW.replace("a, b", f"a{end}b"), header=mark + HEADER, end=end)
    assert isinstance(entry, Entry)
    assert entry.summary == "a\nb"


def test_lines_are_counted_over_cells_of_several_lines_and_empty_lines() -> None:
    assert [line for line, _ in entries(ROW.replace("a, b", "a\nb\nc"), "", ROW)] == [2, 6]


def test_columns_may_come_in_any_order() -> None:
    cells = dict(zip(life.ENTRY_COLUMNS, ROW.replace('"a, b"', "ab").split(","), strict=True))
    order = sorted(cells)
    [(_, entry)] = entries(",".join(cells[name] for name in order), header=",".join(order))
    assert isinstance(entry, Entry)


def test_a_label_may_be_raised_in_a_column_of_its_own() -> None:
    [(_, entry)] = entries(f"{ROW},court", header=f"{HEADER},sensitivity")
    assert isinstance(entry, Entry)
    assert entry.sensitivity == "court"


@pytest.mark.parametrize(
    ("cell", "other", "field"),
    [
        ("people.died", "people.vanished", "kind"),
        ("subject=LA-1", "LA-1", "concerns.0"),
        ("subject=LA-1", "", "concerns"),
        ("GP@2024-05-07T11:00", "GP 2024-05-07T11:00", "shared.0"),
        ("GP@2024-05-07T11:00", "GP@soon", "shared.0.at"),
        ("{}", "{", "body"),
        ("{}", "NaN", "body"),
        ("{}", "[" * 100_000, "body"),
        ("{}", '"{""expected"": ""yes"", ""expected"": ""no""}"', "body"),
        ("{}", "9" * 5000, "body"),
        ("a1,", "=cmd(),", "ref"),
        ("a, b", "a\x00b", "summary"),
        (',"a, b"', "", "row"),
        ('"a, b"', "a, b", "row"),
        ('"a, b"', '"a" b', "row"),
        ("a, b", "x" * 10_000_000, "row"),
        ("a, b", "x" * 200_000, "row"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_bad_row_is_refused_and_the_next_is_kept(cell: str, other: str, field: str) -> None:
    assert refusal(ROW.replace(cell, other)).field == field


def test_a_quote_that_is_never_closed_takes_no_row_with_it_unsaid() -> None:
    first, (line, refused) = entries(ROW, ROW.replace('b"', "b"), ROW)
    assert isinstance(first[1], Entry)
    assert (line, isinstance(refused, EntryRefused)) == (3, True)


def test_a_formula_stays_text() -> None:
    [(_, entry)] = entries(ROW.replace("a, b", "=HYPERLINK(1)"))
    assert isinstance(entry, Entry)
    assert entry.summary == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"ref,kind\n1,2",
        f"{HEADER},colour\n".encode(),
        f"{HEADER},ref\n".encode(),
        f'"{HEADER}\n'.encode(),
        f"{HEADER}\n{ROW}".encode("utf-16"),
        f"{HEADER}\n{ROW}é".encode("latin-1"),
        HEADER.replace(",", "\r").encode(),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(FileRefused, match=r"entries\.csv"):
        life.rows(data, KINDS)


@given(st.binary(max_size=60) | st.text('",\n\r;=@\x00{}[]:a1é', max_size=60).map(str.encode))
def test_any_bytes_under_a_header_are_taken_or_refused(data: bytes) -> None:
    try:
        found = [*life.rows(HEADER.encode() + b"\n" + data, KINDS), *life.people(PEOPLE_HEADER.encode() + b"\n" + data)]
    except FileRefused:
        return
    assert all(isinstance(one, Entry | PersonRecord | EntryRefused) for _, one in found)


def person(line: str) -> PersonRecord | EntryRefused:
    [(_, record)] = life.people(f"{PEOPLE_HEADER}\n{line}".encode())
    return record


def test_a_person_is_read_with_all_that_the_agency_holds() -> None:
    assert person(PERSON) == PersonRecord(
        agency="LA",
        ref="LA-1",
        names=("Nell Garrow", "Nell Hobbs"),
        date_of_birth=date(2017, 6, 2),
        sex="F",
        address="1 Weir Street",
        identifiers=(Identifier("nhs", "9990000018"), Identifier("upn", "X1")),
        identified=False,
    )


@pytest.mark.parametrize(
    ("cell", "other", "field"),
    [
        ("LA-1", "", "record_ref"),
        (",LA,", ",,", "agency"),
        ("2017-06-02", "02/06/2017", "date_of_birth"),
        ("2017-06-02,", "2017-06-02,2017-07-01", "expected_date_of_birth"),
        ("nhs=9990000018", "9990000018", "identifiers.0"),
        (",no,", ",perhaps,", "identified"),
        ("Weir", "We\x00ir", "address"),
        ("1 Weir Street", "1 Weir, Street", "row"),
    ],
)
def test_a_bad_record_is_refused_by_its_field(cell: str, other: str, field: str) -> None:
    refused = person(PERSON.replace(cell, other))
    assert isinstance(refused, EntryRefused)
    assert refused.field == field


def test_a_record_ref_names_one_record() -> None:
    [_, (line, refused)] = life.people(f"{PEOPLE_HEADER}\n{PERSON}\n{PERSON}".encode())
    assert (line, isinstance(refused, EntryRefused)) == (3, True)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A life of our own to spoil."""
    return Path(shutil.copytree(LIVES / "two-authorities", tmp_path / "life"))


@pytest.mark.parametrize("name", ["entries.csv", "people.csv", "parameters.json"])
def test_a_life_without_one_of_its_files_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(FileRefused, match=name):
        life.read(copied, KINDS)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"agencies": {"LA": {"sector": "zoo", "name": "A"}}}', '{"agencies": 1}']
)
def test_parameters_of_another_form_are_refused(copied: Path, text: str) -> None:
    (copied / "parameters.json").write_text(text)
    with pytest.raises(FileRefused, match=r"parameters\.json"):
        life.read(copied, KINDS)


def spoil(folder: Path, old: str, new: str) -> LifeRefused:
    file = folder / "entries.csv"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(LifeRefused) as refused:
        life.read(folder, KINDS)
    return refused.value


def test_a_record_that_is_not_in_people_is_refused(copied: Path) -> None:
    assert spoil(copied, "subject=LA-F", "subject=LA-Z").rows[0][1:2] == (2,)


def test_an_agency_that_is_not_of_this_life_is_refused(copied: Path) -> None:
    assert spoil(copied, "POL@", "MI5@").rows[0][2].field == "shared.0.agency"


def test_a_ref_used_for_two_entries_is_refused(copied: Path) -> None:
    assert spoil(copied, "rfI,", "rfF,").rows[0][2].field == "ref"


def test_the_same_row_twice_is_one_entry(copied: Path) -> None:
    file = copied / "entries.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]), "utf-8")
    assert len(life.read(copied, KINDS).entries) == NAMES["two-authorities"]
