"""Reading a roster: good files in every dress, and a reason with its place for every bad one."""

import io
import zipfile

import pytest

from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import roster

HEAD = "id,legal name,school address,directory hold,minor\r\n"


def rows(text, name="roster.csv"):
    return roster.read(name, text.encode() if isinstance(text, str) else text)


def code(content, name="roster.csv"):
    with pytest.raises(Refused) as refused:
        rows(content, name)
    return refused.value.code, refused.value.message


def test_a_byte_order_mark_crlf_a_quoted_comma_and_a_quoted_line_break():
    text = '﻿ID,Legal Name\r\n7,"Diaz, Ana"\r\n8,"Li\r\nWei"\r\n9,Moe\r\n'
    read = rows(text)
    assert [r.values["number"] for r in read] == ["7", "8", "9"]
    assert [r.line for r in read] == [2, 3, 5]
    assert read[0].values["legal_name"] == "Diaz, Ana"
    assert "hidden characters" in read[1].reasons[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter):
    assert rows(f"student_id{delimiter}Full name\n1{delimiter}Ana\n")[0].values == {
        "number": "1",
        "legal_name": "Ana",
    }


def test_a_spreadsheet():
    read = rows(xlsx([["id", "legal name", "minor"], [1001, "Ana", "yes"], [1002, "Bo", ""]]), "roster.xlsx")
    assert [(r.values["number"], r.minor) for r in read] == [("1001", True), ("1002", False)]


def xlsx(table, far=""):
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}"><v>{v}</v></c>'
            if isinstance(v, int)
            else f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{v}</t></is></c>'
            for c, v in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(table, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}{far}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected", "word"),
    [
        (b"", "parse", "empty"),
        (b"\n\n", "parse", "empty"),
        (b"\xef\xbb\xbf", "parse", "empty"),
        (b"\xef\xbb\xbf \r\n", "parse", "empty"),
        (HEAD.encode(), "no-rows", "no rows"),
        (b"name,email\nAna,a@b.example\n", "header-missing", "id"),
        (b"id,legal name,ID\n1,Ana,1\n", "header-duplicate", "id"),
        (b"id,legal name\n1,Ana\n2,\xff\xfe\n", "encoding", "Line 3"),
        (b'id,legal name\n1,Ana\n2,"Bo\n3,Cy\n', "parse", "Line 3"),
        (b"id,legal name\n1,A\0na\n", "parse", "zero"),
    ],
)
def test_files_that_cannot_be_taken(content, expected, word):
    found, message = code(content)
    assert found == expected
    assert word in message


def test_a_spreadsheet_called_csv_is_told_from_csv():
    found, message = code(xlsx([["id"], [1]]))
    assert found == "parse"
    assert "spreadsheet" in message


def test_a_spreadsheet_that_is_none():
    assert code(b"id,legal name\n1,Ana\n", "roster.xlsx")[0] == "parse"


def test_a_spreadsheet_with_a_cell_at_its_very_end_ends_nothing():
    """Room for all cells before it is 500 GB: the library ends the process that asks for them."""
    book = xlsx(
        [["id", "legal name"], [1, "Ana"]], far='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert len(book) < 2000
    found, message = code(book, "roster.xlsx")
    assert found == "parse"
    assert "far away" in message


def test_a_tall_spreadsheet_keeps_its_line_numbers():
    far = '<row r="70000"><c r="A70000"><v>7</v></c></row>'
    last = rows(xlsx([["id", "legal name"], [1, "Ana"]], far=far), "roster.xlsx")[-1]
    assert (last.line, last.values["number"], last.reasons) == (70000, "7", ["“legal name” is missing."])
    table = [["id", "legal name"], *([n, "Ana"] for n in range(roster.MAX_ROWS + 1))]
    assert code(xlsx(table), "roster.xlsx")[0] == "too-large"


def test_too_many_rows_and_too_much_text():
    assert code(HEAD + "1,Ana,,,\n" * (roster.MAX_ROWS + 1))[0] == "too-large"
    assert code(b"id,legal name\n1," + b"x" * roster.MAX_BYTES)[0] == "too-large"
    assert "longer than 200" in rows(f"id,legal name\n1,{'x' * 2000}\n")[0].reasons[0]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (",Ana,,,", "missing"),
        ("1,,,,", "missing"),
        ("1,Ana,not an address,,", "e-mail"),
        (f"1,{'A' * 201},,,", "“legal name” is longer than 200 characters"),
        (f"1,Ana,{'a' * 64}@{'.'.join(['b' * 62] * 3)}.example,,", "“school address” is longer than 254"),
        (f"{'1' * 65},Ana,,,", "“id” is longer than 64"),
        ("1,Ana,a@b.example\u202e,,", "U+202E"),
        ("1,Ana,,maybe,", "yes or no"),
        ("1,Ana,,", "fields"),
        ("1,Ana,,,,more", "fields"),
    ],
)
def test_rows_that_cannot_be_taken_say_why(row, word):
    read = rows(f"{HEAD}{row}\n2,Good,,,\n")
    assert word in " ".join(read[0].reasons)
    assert read[1].reasons == []


def test_the_same_id_twice_is_named_with_its_line():
    read = rows(f"{HEAD}n1,Ana,,,\nN1,Ana,,,\n")
    assert read[0].reasons == []
    assert "line 2" in read[1].reasons[0]


def test_a_formula_is_text():
    assert rows(f"{HEAD}1,=1+1,,,\n")[0].values["legal_name"] == "=1+1"
