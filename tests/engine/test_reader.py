"""The strict reader: what two programs could read differently is not taken in."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine import reader
from gradatim.engine.errors import InputError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)  # fmt: skip


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_json_is_read_as_python_reads_it(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert reader.read_json(text.encode()) == value
    assert reader.read_json(b"\xef\xbb\xbf" + text.encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        value = reader.read_json(data)
    except InputError:
        return
    assert value == json.loads(data.decode("utf-8-sig"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "parse"),
        (b" \n", "parse"),
        (b"{", "parse"),
        (b"{} x", "parse"),
        (b"{'a': 1}", "parse"),
        (b'{"a": 1,}', "parse"),
        (b"[NaN]", "parse"),
        (b"[-Infinity]", "parse"),
        (b"[1e400]", "parse"),
        (b"[" + b"9" * 401 + b"]", "parse"),
        (b"[0." + b"9" * 401 + b"]", "parse"),
        (b"[01]", "parse"),
        (b'["\t"]', "parse"),
        (b'{"a": 1, "a": 1}', "duplicate-key"),
        (b'{"b": [{"a": 1, "\\u0061": 2}]}', "duplicate-key"),
        (b"\xff\xfe{\0}\0", "encoding"),
        (b'["\xff"]', "encoding"),
        (b'["\xed\xa0\x80"]', "encoding"),
        (b'["\\ud800"]', "encoding"),
        (b'{"\\udc00": 1}', "encoding"),
        (b'["\\ude00\\ud83d"]', "encoding"),
        (b"[" * 65 + b"]" * 65, "too-deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too-deep"),
        (b"[" * 500_000, "too-large"),
        (b"[" * 90_000, "too-deep"),
        (b"[" + b"1," * 100_000 + b"1]", "too-large"),
        (b'"' + b"x" * reader.MAX_BYTES + b'"', "too-large"),
    ],
    ids=lambda value: repr(value[:16]) if isinstance(value, bytes) else value,
)
def test_refused(data, code):
    started = time.process_time()
    with pytest.raises(InputError) as refused:
        reader.read_json(data)
    assert refused.value.code == code
    assert refused.value.message
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 64 + b"]" * 64,
        json.dumps(["[" * 500, '\\"[' * 500]).encode(),
        json.dumps("9" * 500).encode(),
        b'["\\ud83d\\ude00"]',
        b'{"a": {"a": 1}}',
        b'["\\u0000"]',
    ],
    ids=lambda data: repr(data[:16]),
)
def test_taken(data):
    assert reader.read_json(data) == json.loads(data)


def test_the_place_is_named():
    with pytest.raises(InputError, match="line 2, column 6"):
        reader.read_json(b'{"a": 1,\n "b" 2}')


@pytest.mark.parametrize("data", [b"null", b"[]", b"[{}, {}]", b"5", b'"x"', b"true"])
def test_an_object_is_wanted(data):
    with pytest.raises(InputError) as refused:
        reader.read_object(data)
    assert refused.value.code == "type"


def test_what_is_written_is_compact_and_read_back():
    value = {"b": [1, 2.5, True, None, "é \u2028 \U0001f600"], "a": {}}
    assert reader.read_json(reader.write_json(value)) == value
    assert reader.write_json(value).startswith(b'{"b":[1,2.5,true,null,"')
    assert reader.write_json([10**30]) == b"[1000000000000000000000000000000]"
    with pytest.raises(TypeError):
        reader.write_json({1, 2})


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1e400}',
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        '{"a":1}x',
        '{"a":\x01}',
        '{"a":"\x01"}',
        "\xff",
    ],
)
def test_compact_texts_are_refused_as_others_are(text):
    data = text.encode("latin-1")
    with pytest.raises(InputError) as compact:
        reader.read_json(data)
    with pytest.raises(InputError) as spaced:
        reader.read_json(data.replace(b":", b": ", 1))
    assert compact.value.code == spaced.value.code


@pytest.mark.parametrize(
    "text", ['{"a":-0}', '{"a":1E5}', '{"a":18446744073709551616}', '{"a":"\\u00e9"}', '{"a":"\\/"}']
)
def test_unusual_texts_are_read_as_python_reads_them(text):
    value, wanted = reader.read_json(text.encode()), json.loads(text)
    assert (value, str(value)) == (wanted, str(wanted))
