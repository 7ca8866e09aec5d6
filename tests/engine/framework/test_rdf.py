"""SKOS and CTDL-ASN in Turtle, N-Triples and RDF/XML: the same as in JSON-LD, and nothing that harms."""

import json
import time

import pytest

from gradatim.engine.errors import Error
from gradatim.engine.framework import rdf, rdf_xml
from gradatim.engine.framework.read import read
from gradatim.engine.framework.shape import About
from tests.engine.framework.test_linked import GRAPH

JSON = {
    "@context": {
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dct": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
    },
    "@graph": [
        {
            "@id": "https://v.example/",
            "@type": "skos:ConceptScheme",
            "dct:title": [
                {"@value": "Colors", "@language": "en-US"},
                {"@value": "Colores", "@language": "es"},
            ],
            "dct:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
            "owl:versionInfo": "2.1",
        },
        {
            "@id": "https://v.example/1",
            "@type": "skos:Concept",
            "skos:topConceptOf": {"@id": "https://v.example/"},
            "skos:prefLabel": [
                {"@value": "Red", "@language": "en-US"},
                {"@value": "Rojo", "@language": "es"},
            ],
            "skos:altLabel": [
                {"@value": "Crimson", "@language": "en-US"},
                {"@value": "Carmesí", "@language": "es"},
            ],
            "skos:narrower": {"@id": "https://v.example/2"},
            "skos:definition": {"@value": 'Like "blood".', "@language": "en-US"},
        },
        {
            "@id": "https://v.example/2",
            "@type": "skos:Concept",
            "skos:inScheme": {"@id": "https://v.example/"},
            "skos:broader": {"@id": "https://v.example/1"},
            "skos:prefLabel": {"@value": "Dark red", "@language": "en-US"},
            "skos:notation": "R2",
            "skos:exactMatch": {"@id": "https://w.example/9"},
            "skos:closeMatch": {"@id": "https://v.example/3"},
            "skos:related": {"@id": "_:b"},
        },
        {
            "@id": "https://v.example/3",
            "@type": "skos:Concept",
            "skos:prefLabel": {"@value": "Maroon", "@language": "en-US"},
            "owl:deprecated": True,
        },
    ],
}
TURTLE = """\
# A vocabulary of colors
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
@prefix dct: <http://purl.org/dc/terms/> .
@base <https://v.example/> .

<> a skos:ConceptScheme ; dct:title "Colors"@en-US, "Colores"@es ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> ; <http://www.w3.org/2002/07/owl#versionInfo> "2.1" .
<1> a skos:Concept ; skos:topConceptOf <> ; skos:prefLabel "Red"@en-US, "Rojo"@es ;
    skos:altLabel "Crimson"@en-US, "Carmesí"@es ; skos:narrower <2> ; skos:definition '''Like "blood".'''@en-US .
<2> a skos:Concept ; skos:inScheme <> ; skos:broader <1> ; skos:prefLabel "Dark red"@en-US ; skos:notation "R2" ;
    skos:exactMatch <https://w.example/9> ; skos:closeMatch <3> ; skos:related [] .
<3> a skos:Concept ; skos:prefLabel "Maroon"@en-US ; <http://www.w3.org/2002/07/owl#deprecated> true .
"""
TRIPLES = """\
<https://v.example/> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#ConceptScheme> .
<https://v.example/> <http://purl.org/dc/terms/title> "Colors"@en-US .
<https://v.example/> <http://purl.org/dc/terms/title> "Colores"@es .
<https://v.example/> <http://purl.org/dc/terms/license> <https://creativecommons.org/licenses/by/4.0/> .
<https://v.example/> <http://www.w3.org/2002/07/owl#versionInfo> "2.1" .
<https://v.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Concept> .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#topConceptOf> <https://v.example/> .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#prefLabel> "Red"@en-US .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#prefLabel> "Rojo"@es .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#altLabel> "Crimson"@en-US .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#altLabel> "Carmes\\u00ED"@es .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#narrower> <https://v.example/2> .
<https://v.example/1> <http://www.w3.org/2004/02/skos/core#definition> "Like \\"blood\\"."@en-US .
<https://v.example/2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Concept> .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#inScheme> <https://v.example/> .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#broader> <https://v.example/1> .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#prefLabel> "Dark red"@en-US .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#notation> "R2" .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#exactMatch> <https://w.example/9> .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#closeMatch> <https://v.example/3> .
<https://v.example/2> <http://www.w3.org/2004/02/skos/core#related> _:b .
<https://v.example/3> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Concept> .
<https://v.example/3> <http://www.w3.org/2004/02/skos/core#prefLabel> "Maroon"@en-US .
<https://v.example/3> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
"""
HEAD = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"
    xmlns:dct="http://purl.org/dc/terms/" xmlns:owl="http://www.w3.org/2002/07/owl#" xml:base="https://v.example/">
"""
XML = f"""\
<?xml version="1.0" encoding="utf-8"?>
<!-- A vocabulary of colors -->
<!DOCTYPE rdf:RDF [
  <!ENTITY v "https://v.example/">
]>
{HEAD}<skos:ConceptScheme rdf:about="&v;">
  <dct:title xml:lang="en-US">Colors</dct:title><dct:title xml:lang="es">Colores</dct:title>
  <dct:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/><owl:versionInfo>2.1</owl:versionInfo>
</skos:ConceptScheme>
<skos:Concept rdf:about="1" xml:lang="en-US">
  <skos:topConceptOf rdf:resource=""/>
  <skos:prefLabel>Red</skos:prefLabel><skos:prefLabel xml:lang="es">Rojo</skos:prefLabel>
  <skos:altLabel>Crimson</skos:altLabel><skos:altLabel xml:lang="es">Carmesí</skos:altLabel>
  <skos:narrower><skos:Concept rdf:about="2" skos:prefLabel="Dark red">
    <skos:inScheme rdf:resource="&v;"/><skos:broader rdf:resource="1"/>
    <skos:notation xml:lang="">R2</skos:notation><skos:exactMatch rdf:resource="https://w.example/9"/>
    <skos:closeMatch rdf:resource="3"/><skos:related rdf:nodeID="b"/>
  </skos:Concept></skos:narrower>
  <skos:definition><![CDATA[Like "blood".]]></skos:definition>
</skos:Concept>
<rdf:Description rdf:about="3">
  <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/><skos:prefLabel xml:lang="en-US">Maroon</skos:prefLabel>
  <owl:deprecated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</owl:deprecated>
</rdf:Description>
</rdf:RDF>
"""
PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
ONE = PREFIX + '<https://v.example/1> a skos:Concept ; skos:prefLabel "Red"@en .\n'
TITLE = About(title="Colors")
CTDL = """\
@prefix ceasn: <https://purl.org/ctdlasn/terms/> .
@prefix ceterms: <https://purl.org/ctdl/terms/> .
@prefix r: <https://credentialengineregistry.org/resources/> .
r:ce-{0} a ceasn:CompetencyFramework ; ceterms:ctid "ce-{0}" ; ceasn:name "Data"@en, "Datos"@es ;
    ceasn:dateModified "2026-05-01T10:00:00Z" .
r:ce-{1} a ceasn:Competency ; ceterms:ctid "ce-{1}" ; ceasn:competencyText "Reads"@en, "Lee"@es ; ceasn:hasChild r:ce-{2} .
r:ce-{2} a ceasn:Competency ; ceterms:ctid "ce-{2}" ; ceasn:competencyText "Reads a chart"@en ;
    ceasn:codedNotation "D.1" ; ceasn:exactAlignment <https://other.example/skills/7>, [] .
"""


def of(text, about=TITLE):
    return read(text if isinstance(text, bytes) else text.encode(), about)


def refused(text, about=TITLE):
    with pytest.raises(Error) as error:
        of(text, about)
    return error.value.code, error.value.message


def xml(inside, *, before="", head=HEAD):
    return f"{before}{head}{inside}</rdf:RDF>"


@pytest.mark.parametrize("text", [TURTLE, TRIPLES, XML])
@pytest.mark.parametrize("language", ["", "es"])
def test_one_vocabulary_written_four_ways(text, language):
    about = About(language=language)
    expected = of(json.dumps(JSON), about)
    assert of(text, about) == expected
    assert of(b"\xef\xbb\xbf" + text.encode(), about) == expected
    assert of(text.replace("\n", "\r\n"), about) == expected


def test_what_the_four_ways_say():
    made = of(TURTLE, About())
    assert (made.title, made.uri, made.language, made.version) == (
        "Colors", "https://v.example/", "en-US", "2.1",
    )  # fmt: skip
    assert [(i.statement, i.code, i.labels, i.retired) for i in made.items] == [
        ("Red", "", ("Crimson",), False), ("Dark red", "R2", (), False), ("Maroon", "", (), True),
    ]  # fmt: skip
    assert [(a.kind, a.outside_uri) for a in made.associations] == [
        ("isChildOf", ""), ("exactMatchOf", "https://w.example/9"), ("ext:closeMatch", ""),
    ]  # fmt: skip


def test_ctdl_in_turtle():
    keys = [entry["ceterms:ctid"].removeprefix("ce-") for entry in GRAPH["@graph"]]
    assert of(CTDL.format(*keys), About()) == of(json.dumps(GRAPH), About())


def test_a_credential_in_turtle_names_its_competencies():
    said = """@prefix t: <https://purl.org/ctdl/terms/> .
        [] a t:Certificate ; t:name "Data"@en ; t:requires [ t:targetCompetency
            [ t:targetNodeName "Reads"@en, "Lee"@es ; t:targetNodeDescription "Charts." ],
            [ t:targetNodeName "Writes"@en ; t:targetNode <https://c.example/2> ] ], <https://c.example/3> .
        <https://c.example/1> a t:Certificate ; t:name "Data"@en ."""
    made = of(said, About())
    assert [(i.statement, i.description, i.uri.startswith("urn:uuid:")) for i in made.items] == [
        ("Reads", "Charts.", True), ("Writes", "", False),
    ]  # fmt: skip
    assert (made.title, made.uri) == ("Data", "https://c.example/1")
    assert of(said, About()) == made


@pytest.mark.parametrize(
    "start",
    [
        "@prefix : <http://www.w3.org/2004/02/skos/core#> .",
        "\n\n# by hand\n\tprefix : <http://www.w3.org/2004/02/skos/core#>",
        "@base <https://v.example/> . @prefix : <http://www.w3.org/2004/02/skos/core#> .",
        "BASE <https://v.example/> PREFIX : <http://www.w3.org/2004/02/skos/core#>",
        "<urn:x:1> a <urn:x:2> .\n@prefix : <http://www.w3.org/2004/02/skos/core#> .",
        '_:a <urn:x:2> "x" . @prefix : <http://www.w3.org/2004/02/skos/core#> .',
    ],
)  # fmt: skip
def test_how_turtle_begins(start):
    assert [
        i.statement for i in of(f'{start}\n<https://v.example/1> a :Concept ; :prefLabel "Red" .').items
    ] == ["Red"]


def test_what_only_looks_like_turtle_is_a_table():
    assert [i.statement for i in of("base skill,skill\n<a:b>,Reads\n").items] == ["Reads"]


def test_a_single_element_is_rdf_too():
    about = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="https://v.example/1"'
    made = of(
        f'<Concept xmlns="http://www.w3.org/2004/02/skos/core#" {about}><prefLabel>Red</prefLabel></Concept>'
    )
    assert [i.statement for i in made.items] == ["Red"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (PREFIX + "\n<https://v.example/1> a foo:Concept .", "parse", "Line 3, column 25: The prefix foo: has not been"),
        (ONE + "<https://v.example/1> a skos:Concept\n" + ONE, "parse", "Line 4, column 1: the statement before has no dot"),
        (PREFIX + '<https://v.example/1> a "Red', "parse", "Line 2, column 25: what begins there does not end"),
        (PREFIX + "<https://v.example/1> a", "parse", "Line 2, column 24: the file ends within a statement"),
        (PREFIX + "<1> a skos:Concept .", "parse", "Line 2, column 1: an address is relative"),
        (PREFIX + "<https://v.example/a b> a skos:Concept .", "parse", "Line 2, column 1: Invalid IRI code point ' '"),
        (ONE.encode() + b"# \xe9", "encoding", "Line 3 is not UTF-8. Save the file as UTF-8"),
        (ONE + '<https://v.example/1> skos:altLabel "R\\u0000ed" .', "parse", "holds a NUL character"),
        (ONE + "<https://v.example/1> a " + "<<( <urn:x:1> a " * 30_000 + "<urn:x:1>" + " )>>" * 30_000 + " .",
         "too-deep", "more than 20 things about statements"),
        (f"@base <https://v.example/{'x' * 3_000}> .", "too-large", "Line 1: an address has more than 2,000 letters"),
        (ONE + f'<https://v.example/1> skos:altLabel "{"x" * 17_000_000}" .', "too-large", "A single text of the file"),
        (ONE + "#" * 24 * 1024 * 1024, "too-large", "at most 25,165,824 are read"),
        ("@prefix p: <urn:x:> . p:1 a p:Thing .", "schema", "names neither a skos:Concept nor a ceasn:Competency"),
        (PREFIX + "[] a skos:Concept .", "schema", "names no skos:Concept with an address"),
        (PREFIX + "<https://v.example/1> a skos:Concept .", "schema", "https://v.example/1: the concept has no skos:prefLabel"),
        (ONE + "<urn:x:1> a skos:ConceptScheme . <urn:x:2> a skos:ConceptScheme .", "schema", "The file has 2 concept schemes"),
        (ONE + "<https://v.example/1> skos:broader <https://v.example/1> .", "cycle", "Items are above themselves"),
        (ONE.replace("/1>", f"/{'x' * 500}>"), "too-large", "the address has more than 500 letters"),
        ("@prefix t: <https://purl.org/ctdl/terms/> . [] a t:Certificate .", "no-rows", "names no ceasn:Competency"),
    ],
)  # fmt: skip
def test_bad_turtle_is_refused_with_its_line(text, code, said):
    found, message = refused(text)
    assert found == code
    assert said in message


RED = '<skos:Concept rdf:about="https://v.example/1"><skos:prefLabel>{}</skos:prefLabel></skos:Concept>'
BOMB = '<!DOCTYPE rdf:RDF [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (HEAD + "<skos:Concept>\n", "parse", "Line 4, column 1: the file ends before every tag is closed"),
        (xml("<skos:Concept>\n </skos:concept>"), "parse", "Line 4, column 4: a tag is closed that is not the one"),
        (xml(RED.format("Q & A")), "parse", "Line 3, column 66: this is no XML there; < is written &lt; and & is"),
        (xml(RED.format("&eacute;")), "parse", "Line 3, column 63: the file does not say what the entity there"),
        (xml("<foo:Concept/>"), "parse", "Line 3, column 1: the prefix of a name there is not declared"),
        (xml("Red"), "parse", "Line 3, column 4: Unexpected text event: ' Red'"),
        (xml('\n <skos:Concept rdf:about="1"/>', head=HEAD.replace(' xml:base="https://v.example/"', "")),
         "parse", 'Line 4, column 31: an address is relative, and the file does not say to what. Write xml:base="https'),
        (xml("<skos:Concept>" * 100), "too-deep", "Line 3, column 1,387: elements stand more than 100 deep"),
        (xml("<skos:Concept " + " ".join(f'skos:a{n}="x"' for n in range(101)) + "/>"),
         "too-large", "an element has more than 100 attributes"),
        (xml("<skos:Concept " + " ".join(f'xmlns:a{n}="urn:x"' for n in range(101)) + "/>"),
         "too-large", "more than 100 prefixes are declared"),
        (xml("", head=HEAD.replace("v.example/", "x" * 2_000)), "too-large", "an address has more than 2,000 letters"),
        (xml("", head=HEAD.replace("purl.org/", "x" * 2_000)), "too-large", "an address has more than 2,000 letters"),
        (xml(RED.replace("Label>{}", 'Label rdf:parseType="Literal">{}').format("<a/>" * 200_000)),
         "too-large", "too many tags stand in texts"),
        (xml(RED.format("&i;"), before=BOMB + "]>"), "parse", "Line 1, column 47: the entity b holds other entities"),
        (xml(RED.format("&a;" * 100), before=f'<!DOCTYPE rdf:RDF [<!ENTITY a "{"x" * 300_000}">]>'),
         "too-large", "what the entity a stands for is too long, used so often"),
        (xml(RED.format("&a;"), before='<!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
         "parse", "Line 1, column 58: the entity a leads outside of the file. Nothing is fetched"),
        (xml(RED.format("Red"), before='<!DOCTYPE rdf:RDF [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>'),
         "parse", "the entity a leads outside of the file"),
        (xml(RED.format("Red"), before='<!DOCTYPE rdf:RDF [<!ENTITY % a "x">]>'), "parse", "the entity a holds other"),
        (xml(RED.format("&a;"), before='<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/">'),
         "parse", "Line 3, column 66: unrecognized entity `a`"),
        (xml(RED.format("Red"), before='<!DOCTYPE rdf:RDF [<!ATTLIST skos:Concept x CDATA "y">]>'),
         "parse", "x of skos:Concept has a value where it is not written"),
        (xml(RED.format("Red"), before='<?xml version="1.0" encoding="ISO-8859-1"?>'),
         "encoding", "it is written in ISO-8859-1. Save it as UTF-8"),
        (xml(RED.format("Carmesí")).encode("latin-1"), "encoding", "Line 3 is not UTF-8"),
        ('<?xml version="1.0"?><skills xmlns="urn:x"><skill>Red</skill></skills>', "parse", "This is XML or a web page"),
        ("\n<!doctype HTML><html><body><p>Red</body>", "parse", "This is XML or a web page"),
        ("<html><body><p>Red</body>", "parse", "Choose the RDF, JSON-LD or CSV download"),
    ],
)  # fmt: skip
def test_bad_rdf_xml_is_refused_with_its_line(text, code, said):
    found, message = refused(text)
    assert found == code
    assert said in message


def test_what_harmless_xml_may_have():
    before = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/" [<!ATTLIST x y CDATA #IMPLIED>]>'
    inside = RED.replace("Label>{}", 'Label rdf:parseType="Literal">{}').format("Red <b>or</b> blue")
    assert of(xml(inside, before=before)).items[0].statement.startswith("Red <b")
    assert [i.statement for i in of(xml(inside + inside.replace("/1", "/2"))).items][1].endswith("</b> blue")


@pytest.mark.parametrize(
    ("name", "limit", "said"), [("MAX_STATEMENTS", 2, "more than 2 statements"), ("MAX_WRITTEN", 99, "more than 99 letters")]
)  # fmt: skip
def test_what_is_too_much_in_all(monkeypatch, name, limit, said):
    monkeypatch.setattr(rdf, name, limit)
    assert refused(TRIPLES)[0] == "too-large"
    assert said in refused(XML)[1]


def test_things_without_an_address():
    """They may lead round in a circle; a scheme without one stands where its concepts say."""
    round_ = "_:a skos:broader _:b . _:b skos:broader _:a ; skos:related [ skos:related _:a ] ."
    scheme = '[] a skos:ConceptScheme ; skos:prefLabel "Colors" .'
    made = of(ONE + round_ + scheme, About())
    assert (made.title, made.uri) == ("Colors", "urn:vocabulary:https://v.example/1")
    within = "<https://v.example/1> skos:inScheme _:a, <https://v.example/all> ."
    assert of(ONE + scheme + within, About()).uri == "https://v.example/all"
    assert of(made_again := ONE + round_ + scheme, About()) == of(made_again, About())


def test_statements_about_statements_say_nothing_of_a_framework():
    about = "<< <https://v.example/1> skos:altLabel 'x' >> skos:note 'y' . <https://v.example/1> skos:note <<( <urn:x:1> a 'z' )>> ."
    assert of(ONE + about) == of(ONE)
    assert of(ONE + "<https://v.example/1> a 'text' ; skos:altLabel ' ' .") == of(ONE)


def test_a_context_that_makes_names_long_is_refused():
    context = {"@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "a": "urn:" + "x" * 500}}
    assert refused(json.dumps(context | {"@id": "a:b", "@type": "skos:Concept"}))[0] == "too-large"


def concepts(number, concept):
    return "".join(concept.format(n=n, above=n // 10) for n in range(1, number + 1))


@pytest.mark.parametrize(
    "text",
    [
        PREFIX + concepts(14_000, """<https://v.example/{n}> a skos:Concept ; skos:broader <https://v.example/{above}> ;
            skos:prefLabel "Reads chart {n}"@en, "Lee {n}"@es ; skos:altLabel "Chart {n}"@en ; skos:notation "{n}" .\n"""),
        xml(concepts(14_000, """<skos:Concept rdf:about="https://v.example/{n}"><skos:broader rdf:resource="{above}"/>
            <skos:prefLabel xml:lang="en">Reads chart {n}</skos:prefLabel><skos:prefLabel xml:lang="es">Lee {n}</skos:prefLabel>
            <skos:altLabel xml:lang="en">Chart {n}</skos:altLabel><skos:notation>{n}</skos:notation></skos:Concept>\n""")),
    ],
    ids=["turtle", "rdf-xml"],
)  # fmt: skip
def test_fourteen_thousand_concepts(text):
    before = time.perf_counter()
    made = of(text)
    assert time.perf_counter() - before < 10
    assert (len(made.items), len(made.associations)) == (14_000, 13_991)
    assert made.items[-1].labels == ("Chart 14000",)


def test_a_place_is_that_of_the_tag():
    tags = rdf_xml.Tags(b"<a>\n  <b attribute='a long one, longer than a step'/>\n</a>")
    assert tags.read(2_048) == b"<a>\n  <b attribute='a long one, longer than a step'/>"
    assert tags.place() == (2, 3)
    assert tags.read(2_048) == b"\n</a>"
    assert rdf_xml.Tags(b"a").place() == (1, 1)
