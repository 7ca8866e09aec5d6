"""Credentials in pictures: in and out again, and pictures made to confuse."""

import json
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.engine.bake import MAX_BYTES, MAX_INSIDE, _chunk, bake, sniff, unbake
from gradatim.engine.errors import InputError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from tests.engine.samples import NOW
from tests.engine.timing import within

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4"/></svg>'
OLD = b"openbadges"
ASSERTION = '<o:assertion xmlns:o="http://openbadges.org">{}</o:assertion>'
OB = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'


def png(*chunks, width=1, height=1):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = [_chunk(b"IHDR", head), *chunks, _chunk(b"IDAT", zlib.compress(b"\0\0")), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


def inside(text, keyword=b"openbadgecredential", kind=b"iTXt", flag=b"\0"):
    return _chunk(kind, keyword + b"\0" + flag + b"\0\0\0" + text)


def svg(inner, attributes=OB, before=""):
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inner}<circle r="4"/></svg>'.encode()
    )


PNG = png()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
CREDENTIALS = st.dictionaries(st.text(), JSON, max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=False).encode()
) | st.text("abcXYZ019-_", min_size=1).map(lambda text: f"ey{text}.ey{text}.{text}".encode())
PICTURES = {
    "png": PNG,
    "svg": SVG,
    "svg-with-declaration": b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- > -->\n' + SVG,
    "svg-with-prefix": b'<s:svg xmlns:s="http://www.w3.org/2000/svg" title="a>b"><s:g/></s:svg>',
    "svg-text": '<svg xmlns="http://www.w3.org/2000/svg"\n>ä<text>ö &gt; ]]&gt;</text></svg>'.encode(),
}


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("name", PICTURES)
@given(credential=CREDENTIALS, before=CREDENTIALS)
def test_what_goes_in_comes_out(name, credential, before):
    once = bake(PICTURES[name], credential)
    assert unbake(once) == credential
    assert unbake(bake(bake(PICTURES[name], before), credential)) == credential
    assert sniff(once) == sniff(PICTURES[name])


def test_what_is_around_stays():
    assert bake(PNG, b"{}").replace(inside(b"{}"), b"") == PNG
    baked = bake(SVG, b"{}")
    assert baked.startswith(SVG[: SVG.index(b"<circle")])
    assert baked.endswith(SVG[SVG.index(b"<circle") :])


@pytest.mark.parametrize("before", [b'{"a":1}', b"ey.ey.x", b'{"a":"/>"}'])
def test_baking_again_takes_out_what_was_there_and_nothing_else(before):
    for picture in PICTURES.values():
        assert bake(bake(picture, before), b"{}") == bake(picture, b"{}")


@pytest.mark.parametrize(
    "form",
    [
        '<openbadges:credential verify="e"/>', '<openbadges:credential verify="e" />',
        '<openbadges:credential verify="e"></openbadges:credential>',
        "<openbadges:credential>/></openbadges:credential >", "<openbadges:credential><!-- /> --></openbadges:credential>",
        "<openbadges:credential><a/></openbadges:credential>", "<openbadges:credential><![CDATA[]]></openbadges:credential>",
    ],
)  # fmt: skip
def test_every_form_is_taken_out_whole(form):
    assert bake(svg(f"<g>{form}</g>"), b"{}") == bake(svg("<g></g>"), b"{}")


@pytest.mark.parametrize(
    "text", [b'{"a":"]]>"}', b'{"a":"]]]]>>"}', '{"a":"\u2028\x7f\U0001f600"}'.encode(), b'{"a":"&lt;<b>"}']
)
def test_texts_that_markup_could_break(text):
    for picture in PICTURES.values():
        assert unbake(bake(picture, text)) == text


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (PNG, "no-credential-found"),
        (png(inside(b"{}"), inside(b"{}")), "several-credentials-found"),
        (png(inside(b"{}"), inside(b"{}", b"clrcredential")), "several-credentials-found"),
        (png(inside(b"{}", OLD), inside(b"{}", OLD)), "several-credentials-found"),
        (
            png(_chunk(b"tEXt", OLD + b"\0https://a.example/1"), inside(b"{}", OLD)),
            "several-credentials-found",
        ),
        (png(inside(b"{}", OLD), inside(b"{}", OLD), inside(b"{}")), "several-credentials-found"),
        (png(inside(b"", OLD)), "no-credential-found"),
        (png(inside(zlib.compress(b"{}"), OLD, flag=b"\1")), "image-invalid"),
        (png(inside(zlib.compress(b"{}"), flag=b"\1")), "image-invalid"),
        (png(inside(b"{}", kind=b"tEXt")), "image-invalid"),
        (png(inside(b"{}", kind=b"zTXt")), "image-invalid"),
        (png(_chunk(b"iTXt", b"openbadgecredential\0\0\0{}")), "image-invalid"),
        (png(_chunk(b"iTXt", b"openbadgecredential")), "image-invalid"),
        (png(inside(b"{}"))[:-20], "image-invalid"),
        (png(inside(b"{}")).replace(b"{}", b"[]"), "image-invalid"),
        (PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:], "image-invalid"),
        (PNG[:8], "image-invalid"),
        (PNG[:8] + b"<html>", "image-invalid"),
        (PNG[:8] + _chunk(b"IEND", b""), "image-invalid"),
        (png(width=60_000, height=60_000), "too-large"),
        (b"\xff\xd8\xff\xe0", "image-invalid"),
        (b"{}", "image-invalid"),
        (b"", "image-invalid"),
        (PNG + bytes(8 * 1024 * 1024), "too-large"),
        (SVG, "no-credential-found"),
        (svg("<openbadges:credential/>"), "no-credential-found"),
        (svg("<openbadges:credential> \n</openbadges:credential>"), "no-credential-found"),
        (svg('<credential verify="ey.ey.x"/>'), "no-credential-found"),
        (svg('<x:credential xmlns:x="urn:x" verify="ey.ey.x"/>'), "no-credential-found"),
        (svg('<openbadges:credential verify="e"/>' * 2), "several-credentials-found"),
        (svg(f'{ASSERTION}{ASSERTION}<openbadges:credential verify="e"/>'), "several-credentials-found"),
        (svg(f"{ASSERTION}<openbadges:credential/>"), "no-credential-found"),
        (
            svg('<openbadges:credential verify="ey.ey.x">{}</openbadges:credential>'),
            "several-credentials-found",
        ),
        (svg("<openbadges:credential><openbadges:credential/></openbadges:credential>"), "image-invalid"),
        (svg('<openbadges:credential verify="e"/>', ""), "image-invalid"),
        (svg("", before="<!DOCTYPE svg []>"), "image-invalid"),
        (svg("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "image-invalid"),
        (svg("<"), "image-invalid"),
        (b"<html><body/></html>", "image-invalid"),
        (b"<svg>", "image-invalid"),
        (b"<", "image-invalid"),
    ],
)
def test_pictures_that_are_not_taken(picture, code):
    with pytest.raises(InputError) as refused:
        unbake(picture)
    assert refused.value.code == code


def test_a_tail_behind_the_picture_is_not_kept():
    baked = png(inside(b'{"a":1}'))
    assert unbake(baked + b"PK\3\4 an archive") == b'{"a":1}'
    assert bake(baked + b"PK\3\4 an archive", b"{}") == bake(baked, b"{}")


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ('<openbadges:credential verify="ey.ey.x"></openbadges:credential>', b"ey.ey.x"),
        ("<openbadges:credential><![CDATA[ {} ]]></openbadges:credential>", b"{}"),
        ("<openbadges:credential>{&quot;a&quot;:1}</openbadges:credential>", b'{"a":1}'),
        ("<g><openbadges:credential>{}</openbadges:credential></g>", b"{}"),
        ('<openbadges:credential verify="https://x.example/1"> {} </openbadges:credential>', b"{}"),
        (
            '<openbadges:credential verify=" http://x.example/1 "> </openbadges:credential>',
            b"http://x.example/1",
        ),
        ('<openbadges:credential verify=" ">{}</openbadges:credential>', b"{}"),
        ('<c:credential xmlns:c="https://purl.imsglobal.org/clr/v2p0" verify="ey.ey.x"/>', b"ey.ey.x"),
    ],
)
def test_the_forms_that_the_standard_knows(form, wanted):
    assert unbake(svg(form)) == wanted


@pytest.mark.parametrize(
    ("picture", "credential"),
    [
        (b"<svg/>", b"{}"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"{}"),
        (b"no picture", b"{}"),
        (PNG, b'{"a":"\0"}'),
        (SVG, '{"a":"\uffff"}'.encode()),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + SVG, '{"a":"ä"}'.encode()),
        (SVG, b'{"a":"\xff"}'),
        (PNG + bytes(MAX_BYTES), b"{}"),
        (SVG + b" " * MAX_BYTES, b"{}"),
    ],
    ids=[
        "empty",
        "no-place",
        "no-picture",
        "zero",
        "no-xml-character",
        "other-encoding",
        "no-utf-8",
        "png",
        "svg",
    ],
)
def test_what_cannot_be_baked(picture, credential):
    with pytest.raises(InputError):
        bake(picture, credential)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_damage_is_read_or_refused(damage, place):
    for picture in (png(inside(b"{}")), svg("<openbadges:credential>{}</openbadges:credential>")):
        place %= len(picture)
        try:
            unbake(picture[:place] + damage + picture[place + len(damage) :])
        except InputError:
            continue


@pytest.mark.parametrize("name", ["UTF-5", "rot13", "utf-7", "hex", "idna", "utf-16"])
def test_an_encoding_that_is_not_known(name):
    with pytest.raises(InputError) as refused:
        unbake(f'<?xml version="1.0" encoding="{name}"?>'.encode() + SVG)
    assert refused.value.code in {"image-invalid", "no-credential-found"}


@pytest.mark.parametrize(
    "content", [b"https://a.example/1", b'{"@context":"https://w3id.org/openbadges/v2"}']
)
def test_older_badges_come_out_too(content):
    old = (
        _chunk(b"tEXt", b"openbadges\0" + content) if content[:1] == b"h" else inside(content, b"openbadges")
    )
    assert unbake(png(old)) == content
    assert unbake(bake(png(old), b"{}")) == b"{}"
    element = b'<a:assertion xmlns:a="http://openbadges.org"><![CDATA[%s]]></a:assertion>' % content
    newer = b'<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0"><![CDATA[{"id":1}]]></b:credential>'
    assert unbake(b'<svg xmlns="http://www.w3.org/2000/svg">' + element + b"</svg>") == content
    # the same badge for older readers beside it
    assert unbake(png(old, inside(b'{"id":1}'))) == b'{"id":1}'
    assert unbake(b'<svg xmlns="http://www.w3.org/2000/svg">' + element + newer + b"</svg>") == b'{"id":1}'


def test_a_document_type_by_name_is_no_harm_but_entities_are():
    name = (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    body = b'<svg><b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0">%s</b:credential></svg>'
    assert unbake(name + body % b"x") == b"x"
    with pytest.raises(InputError) as refused:
        unbake(name + body % b"x&y;")
    assert refused.value.code == "image-invalid"


@pytest.mark.parametrize("picture", [PNG, SVG])
def test_a_record_has_a_place_of_its_own(picture):
    baked = bake(picture, b'{"id":1}', record=True)
    assert b"clrcredential" in baked or b"clr/v2p0" in baked
    assert unbake(baked) == b'{"id":1}'
    assert bake(baked, b'{"id":1}') == bake(picture, b'{"id":1}')


def of_size(element):
    """A picture as large as one may be, of one element again and again."""
    names = 'xmlns:o="http://openbadges.org" xmlns:n="https://purl.imsglobal.org/ob/v3p0"'
    return svg(element * ((MAX_BYTES - 200) // len(element)), names)


@pytest.mark.parametrize("function", [unbake, lambda picture: bake(picture, b"{}")], ids=["unbake", "bake"])
@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("<o:assertion/>", "several-credentials-found"),
        ("<n:credential/>", "several-credentials-found"),
        ("<n:credential>x</n:credential>", "several-credentials-found"),
        ("<g/>", "too-large"),
    ],
)
def test_as_many_elements_as_a_picture_has_room_for(element, code, function):
    """Nothing is done for each of them that grows with their number."""
    picture = of_size(element)
    with within(2), pytest.raises(InputError) as refused:
        function(picture)
    assert refused.value.code == code


def test_as_many_are_taken_out_as_baking_allows():
    element = "<g/><openbadges:credential>x</openbadges:credential>"
    assert bake(svg(element * MAX_INSIDE), b"{}") == bake(svg("<g/>" * MAX_INSIDE), b"{}")
    with pytest.raises(InputError) as refused:
        bake(svg(element * (MAX_INSIDE + 1)), b"{}")
    assert refused.value.code == "several-credentials-found"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("baked.svg", b'{"verify":{"url":"http://example.org"}}', "type"),  # the badge of its makers' own test is a stub
        ("bad-json.svg", b'{verify:{"url":"http://example.org"}}', "parse"),
        ("unbaked.svg", None, "no-credential-found"),
        ("unbaked.png", None, "no-credential-found"),
    ],
)  # fmt: skip
def test_pictures_of_the_first_bakery(shared, name, content, cause):
    picture = (shared / "standards/examples/images/mozilla-bakery" / name).read_bytes()
    if content is not None:
        assert unbake(picture) == content
    report = verify(picture, fetcher=MemoryFetcher({}), now=NOW)
    assert (report.verdict, report.cause, report.requests) == ("refused", cause, ())
    assert unbake(bake(picture, b'{"id":1}')) == b'{"id":1}'
