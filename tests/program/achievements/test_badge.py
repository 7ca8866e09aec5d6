"""The badge image: well-formed, safe, legible, quick."""

import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.achievements import badge
from gradatim.program.people.contrast import ratio
from gradatim.program.taxonomy.looks import ink_on, mix
from gradatim.program.taxonomy.models import Value
from tests.engine.timing import within

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
color = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def drawn(**parts):
    whole = {
        "label": "Data literacy",
        "level": "Foundation",
        "shape": "circle",
        "steps": 1,
        "color": "#0b5c66",
    }
    return badge.draw(**{**whole, "alt": "Badge", "practice": False, **parts})


def test_every_shape_has_an_outline():
    assert set(badge.PLACES) == set(Value.Shape.values)


@given(
    label=st.text(max_size=200),
    level=st.text(max_size=80),
    alt=st.text(max_size=300),
    shape=st.sampled_from(Value.Shape.values),
)
def test_whatever_is_written_on_it_it_is_well_formed_and_has_no_script(label, level, alt, shape):
    root = ET.fromstring(drawn(label=label, level=level, alt=alt, shape=shape))
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "linearGradient", "stop", "path", "text"}
    assert not any(
        name.startswith("on") or "href" in name or name == "style" for e in root.iter() for name in e.attrib
    )


@given(
    label=st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=120),
    shape=st.sampled_from(Value.Shape.values),
)
def test_the_label_fits(label, shape):
    width = badge.PLACES[shape].label[1]
    lines, size = badge.fit(label, width)
    assert len(lines) <= badge.LABEL_LINES
    assert all(badge.measure(line, size) <= width for line in lines)


@given(color)
def test_words_can_be_read_on_every_color(base):
    ink = ink_on(base)
    worst = min(ratio(ink, base), ratio(ink, mix(base, "#000000", 0.34)) if ink == "#ffffff" else 99)
    assert worst >= 4.1


def test_an_approved_version_as_png(approved):
    picture = badge.png(approved, size=400)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (400, 400)
    assert struct.unpack(">II", badge.png(approved, size=5)[16:24]) == (32, 32)


def test_drawing_is_quick_and_done_once(approved):
    badge.render.cache_clear()
    with within(0.15):
        first = badge.png(approved)
    assert badge.png(approved) is first


def test_practice_is_written_on_it():
    assert ">PRACTICE<" in drawn(practice=True)
    assert ">PRACTICE<" not in drawn()


def test_the_font_draws_the_words():
    assert badge.render(drawn(label="Data"), 100) != badge.render(drawn(label="Dote"), 100)


def test_a_draft_without_type_and_level_has_a_badge_too(draft):
    draft.type = draft.level = None
    assert badge.FALLBACK_COLOR in badge.svg(draft)
