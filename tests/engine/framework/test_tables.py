"""Tables of statements: plain, ESCO's and O*NET's; and every bad table refused with its line."""

import contextlib
import io
import json
import uuid
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine.errors import Error
from gradatim.engine.framework import library, plain, table
from gradatim.engine.framework.read import read
from gradatim.engine.framework.shape import About, identifier_of
from tests.engine.timing import within

ABOUT = About(title="Sample")
ESCO = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,modifiedDate,description"


def refused(data, about=ABOUT):
    with pytest.raises(Error) as error:
        read(data if isinstance(data, bytes) else data.encode(), about)
    return error.value.code, error.value.message


def above(framework):
    names = {i.identifier: i.code or i.statement for i in framework.items}
    return {
        names[a.origin]: names.get(a.destination, "") for a in framework.associations if a.kind == "isChildOf"
    }


@pytest.mark.shared
def test_the_published_table(shared):
    made = read((shared / "standards/case/examples/opensalt-sample_case.csv").read_bytes(), ABOUT)
    assert (len(made.items), made.source, made.title) == (10, "csv", "Sample")
    assert above(made)["M.F.1-2.S1a"] == "M.F.1-2.S1"
    assert above(made)["M"] == ""
    outside = {a.kind: (a.outside_uri, a.outside_title) for a in made.associations if a.outside_title}
    assert (
        outside["exemplar"][0]
        == "https://www.opened.com/video/classify-and-order-real-numbers-using-subsets/801540"
    )
    assert outside["isRelatedTo"] == ("", "CCSS.MATH.CONTENT.1.G.A.1")


def test_a_plain_table_is_an_update_of_itself():
    text = "code;skill;parent;type;other names\nA;Reads;;Area;\nA.1;Reads a chart;A;Skill;see | look at\n"
    first, second = read(text.encode(), ABOUT), read(text.encode("utf-8-sig"), ABOUT)
    assert first == second
    assert first.identifier != read(text.encode(), About(title="Other")).identifier
    assert first.items[1].labels == ("see", "look at")
    assert above(first) == {"A": "", "A.1": "A"}
    own = uuid.uuid4()
    assert read(text.encode(), About(title="Sample", identifier=own)).identifier == own


def test_rows_of_a_plain_table_point_to_each_other():
    long_name = "reads a chart and says what it means"  # as long as a UUID, and none
    text = f"identifier,skill,related,is part of\n{long_name},Reads,,\nB,Counts,{long_name},{long_name}\n"
    made = read(text.encode(), ABOUT)
    assert len(long_name) == 36
    assert made.items[0].identifier == uuid.uuid5(made.identifier, long_name)
    ends = (made.items[1].identifier, made.items[0].identifier)
    kinds = {a.kind for a in made.associations if (a.origin, a.destination) == ends}
    assert kinds == {"isRelatedTo", "isPartOf"}
    long_address = f"https://x.example/{long_name.replace(' ', '-')}"
    assert identifier_of(long_address) == uuid.uuid5(uuid.NAMESPACE_URL, long_address)


def test_esco():
    key = "0005c151-5b5a-4a66-8aac-60e734beb1ab"
    row = f'KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/{key},skill/competence,cross-sector,read charts,"see charts\nlook at charts",released,2024-11-28T10:01:02.003Z,Reads them.'
    old = "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/x,knowledge,,charts,,obsolete,,"
    made = read(f"{ESCO}\n{row}\n{old}\n".encode(), About())
    assert (made.title, made.creator, made.source) == ("ESCO skills", "European Commission", "esco")
    assert made.changed_at.isoformat() == "2024-11-28T10:01:02.003000+00:00"
    item = made.items[0]
    assert (str(item.identifier), item.reach, item.labels) == (
        key,
        "cross-sector",
        ("see charts", "look at charts"),
    )
    assert [i.retired for i in made.items] == [False, True]
    assert refused(f"{ESCO}\n{row}\n{row}\n") == (
        "duplicate-row",
        "Line 4, “conceptUri”: the same as line 2.",
    )
    assert refused(f"{ESCO}\na,b,c,d,e,f,g,h,i\n")[0] == "row-invalid"
    assert refused(f"{ESCO}\n{old.replace(',charts,', ',,')}\n") == (
        "row-invalid",
        "Line 2, “preferredLabel”: it is empty.",
    )
    never = row.replace("2024-11-28", "2024-13-28")
    assert read(f"\n{ESCO}\n{never}\n".encode(), About()).changed_at is None


def test_skills_of_esco_with_what_is_broader_beside_them():
    table = f"conceptUri,preferredLabel,broaderUri\n{BASE}a,lire,\n{BASE}b,lire des graphiques,{BASE}a\n"
    assert above(read(table.encode(), About())) == {"lire des graphiques": "lire"}
    assert refused(f"{table}{BASE}c,compter,{BASE}gone\n") == (
        "reference-unknown",
        f"Line 4, “broaderUri”: no row has the address '{BASE}gone'.",
    )


def archive(**tables):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in tables.items():
            made.writestr(f"ESCO dataset/{name}.csv", text)
    return out.getvalue()


BASE = "http://data.europa.eu/esco/skill/"
SKILLS = f"conceptUri,preferredLabel\n{BASE}a,lire\n{BASE}b,lire des graphiques\n"
GROUPS = f"conceptUri,preferredLabel,code\n{BASE}S1,communication,S1\n"
BROADER = f"conceptType,conceptUri,broaderType,broaderUri\nK,{BASE}a,G,{BASE}S1\nK,{BASE}b,K,{BASE}a\nK,{BASE}b,K,{BASE}gone\n"


def test_the_whole_download_of_esco_is_nested():
    made = read(
        archive(
            skills_fr=SKILLS,
            skillGroups_fr=GROUPS,
            broaderRelationsSkillPillar_fr=BROADER,
            occupations_fr="x",
        ),
        About(),
    )
    assert (made.language, made.source, len(made.items)) == ("fr", "esco", 3)
    assert above(made) == {"lire": "S1", "lire des graphiques": "lire"}
    assert made.items[0].kind == "skill group"
    assert len(read(archive(skills_fr=SKILLS), About()).items) == 2


def test_a_bad_archive_is_refused():
    assert "spreadsheet" in refused(archive(other="x"))[1]
    assert refused(archive(skills_fr="x" * (24 * 1024 * 1024 + 1)), About())[0] == "too-large"
    whole = bytearray(archive(skills_fr=SKILLS * 200))
    middle = whole.index(b"skills_fr.csv") + 40
    whole[middle : middle + 20] = b"\xff" * 20
    assert refused(bytes(whole), About())[0] == "parse"


def test_fourteen_thousand_skills_are_read_in_a_breath():
    rows = "".join(
        f'K,http://data.europa.eu/esco/skill/{uuid.UUID(int=n)},knowledge,cross-sector,skill {n},"other {n}\nmore {n}",released,,{"words " * 60}\n'
        for n in range(14_000)
    )
    with within(10):
        made = read(f"{ESCO}\n{rows}".encode(), About())
    assert len(made.items) == 14_000


def test_onet():
    made = read(
        b'O*NET-SOC Code\tTitle\tDescription\n15-1252.00\tSoftware Developers\tThey "develop".\n15-1252.01\tTesters\tTest.\n',
        About(version="30.0"),
    )
    assert (made.title, made.version) == ("O*NET occupations", "30.0")
    assert above(made) == {"15-1252.01": "15-1252.00"}
    assert made.items[0].description == 'They "develop".'
    made = read(
        b"Element ID\tElement Name\tDescription\n2.A\tBasic\tx\n2.A.1\tContent\ty\n2.A.1.a\tReading\tz\n",
        About(),
    )
    assert above(made) == {"2.A.1": "2.A", "2.A.1.a": "2.A.1"}
    rated = b"O*NET-SOC Code\tElement ID\tElement Name\tScale ID\n11-1011.00\t2.A.1.a\tReading\tIM\n11-1011.00\t2.A.1.a\tReading\tLV\n"
    assert [i.code for i in read(rated, About()).items] == ["2.A.1.a"]
    assert (
        refused(b"O*NET-SOC Code\tTitle\tDescription\nmany\tx\ty\n")[1]
        == "Line 2, “O*NET-SOC Code”: 'many' is no such code."
    )
    header, row = "O*NET-SOC Code\tTitle\tDescription\n", "15-1252.00\tDevelopers\tx\n"
    assert refused(header + row.replace("Developers", "")) == (
        "row-invalid",
        "Line 2, “Title”: it is empty.",
    )
    assert refused(header + row + row) == ("duplicate-row", "Line 3, “O*NET-SOC Code”: the same as line 2.")


@pytest.mark.parametrize(("key", "items"), [("eqf", 32), ("isced-f", 120), ("bloom", 25)])
def test_what_comes_with_the_product(key, items):
    made = read(*library.shipped(key))
    assert len(made.items) == items
    assert made.title == library.ABOUT[key].title
    assert len(above(made)) == items


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "parse", "empty"),
        ("code\nA\n", "header-missing", "Line 1 has to name the columns; missing: statement. It names: code."),
        ("skill,statement\na,b\n", "header-duplicate", "“statement” stands twice"),
        ("skill\n\n", "no-rows", "no rows"),
        ("skill,code\nReads,A\nWrites\n", "row-invalid", "Line 3 has 1 fields"),
        ("skill,code\n,A\n", "row-invalid", "Line 2, “statement”: it is empty"),
        ("skill,url\nReads,javascript:alert(1)\n", "row-invalid", "Line 2, “uri”"),
        ("skill,code\nReads,A\nWrites,A\n", "duplicate-row", "Line 3, “identifier”: the same as line 2"),
        ("skill,code,parent\nReads,A,B\n", "reference-unknown", "Line 2, “parent”: no row has"),
        ("skill,code,parent\nReads,A,A\n", "cycle", "Line 2"),
        ("skill,code,is part of\nReads,A,B\n", "reference-unknown", "Line 2, “part”: no row has"),
        ('""\n', "no-rows", "no rows"),
        ("skill,code,parent\nReads,A,B\nWrites,B,A\n", "cycle", "Items are above themselves"),
        ('skill\n"Reads\nmore\n', "parse", "Line 2 cannot be read"),
        ("skill\nRe\u202eads\n", "suspicious-text", "Line 2, “statement”: it holds the hidden character U+202E"),
        ("skill\n" + "x" * 50_000, "too-large", "Line 2 has a field"),
        ("skill\n" + "x" * 20_001, "too-large", "Line 2, “statement”: 20,001 letters"),
        ("skill,code\nReads," + "x" * 81, "too-large", "Line 2, “code”"),
        ("skill\n" + "Reads\n" * 2, "duplicate-row", "Line 3"),
        ("skill\n" + "".join(f"Reads {n}\n" for n in range(20_001)), "too-large", "20,000 rows"),
        ("skill\nRe\0ads", "parse", "Line 2 holds a zero byte"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_with_its_line(text, code, said):
    found, message = refused(text)
    assert found == code
    assert said in message


def test_what_is_no_framework():
    assert refused("skill\nReads\n", About())[0] == "title"
    assert "XML" in refused("<?xml version='1.0'?><skills/>")[1]
    assert "spreadsheet" in refused(b"PK\x03\x04abc")[1]
    assert refused(b"skill\nR\xe9ads\n") == (
        "encoding", "Line 2 is not UTF-8. Save the file as “CSV UTF-8” and choose it again.",
    )  # fmt: skip
    assert refused(b"skill\n" + b"x" * (24 * 1024 * 1024))[0] == "too-large"


# Recipient lists as tables: what breaks a table breaks every table. What only a list of people can break is not here.
BROKEN = {
    "csv-03": "header-missing", "csv-04": "row-invalid", "csv-08": "encoding", "csv-09": "parse", "csv-11": "suspicious-text",
    "csv-14": "parse", "csv-15": "no-rows", "csv-20": "header-duplicate", "csv-22": "parse",
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_tables_of_the_attacks(shared, name):
    cases = {c["id"]: c for c in json.loads((shared / "attacks/cases.json").read_bytes())["cases"]}
    data = (shared / "attacks" / cases[name]["file"]).read_bytes()
    columns = dict.fromkeys(("email", "name", "achievement", "issued_on", "evidence_url"), ())
    with pytest.raises(Error) as error:
        list(table.rows(data, columns, required=["email"]))
    assert error.value.code == BROKEN[name] == cases[name]["expect"]["cause"]
    assert "Line" in error.value.message or name in {"csv-14", "csv-15", "csv-22"}


def test_a_million_rows_and_a_huge_field_are_not_kept():
    many = b"email\n" + b"a@example.org\n" * 1_000_001
    with pytest.raises(Error, match="20,000 rows"):
        for _row in table.rows(many, {"email": ()}, required=["email"]):
            pass
    with pytest.raises(Error, match="Line 2 has a field"):
        list(table.rows(b"email\n" + b"x" * 20_000_000, {"email": ()}, required=["email"]))


@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.integers(0, 6)), max_size=7))
def test_any_table_is_read_or_refused(rows):
    text = "code,skill,parent\n" + "".join(f"{n},{t},{p}\n" for n, (t, p) in enumerate(rows))
    try:
        made = plain.read(text.encode(), ABOUT)
    except Error:
        return
    assert len({i.identifier for i in made.items}) == len(made.items)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(Error):
        read(data, ABOUT)
