"""Three small frameworks that come with the product, as plain tables.

Spec: European Qualifications Framework (Council Recommendation 2017/C 189/03, annex II, in our words); UNESCO ISCED-F 2013
(codes and names); the cognitive processes of Bloom's taxonomy as revised in 2001 (names).
"""

from __future__ import annotations

from importlib.resources import files
from uuid import NAMESPACE_URL, uuid5

from gradatim.engine.framework.shape import About

ABOUT = {
    "eqf": About(
        title="European Qualifications Framework: levels",
        creator="Council of the European Union",
        version="2017",
        language="en",
        uri="http://data.europa.eu/snb/eqf/25831c2",
    ),
    "isced-f": About(
        title="ISCED-F: fields of education and training",
        creator="UNESCO Institute for Statistics",
        version="2013",
        language="en",
        uri="http://data.europa.eu/snb/isced-f/25831c2",
    ),
    "bloom": About(
        title="Bloom's taxonomy, revised: cognitive processes",
        creator="L. W. Anderson, D. R. Krathwohl and others, after B. S. Bloom",
        version="2001",
        language="en",
        uri="urn:framework:bloom-2001",
    ),
}
"""Key → what the table is."""


def shipped(key: str) -> tuple[bytes, About]:
    """The table of one of the frameworks in `ABOUT`, and what to say about it to `gradatim.engine.framework.read.read`.

    Raises:
        KeyError: there is none of this name.
    """
    about = ABOUT[key]
    data = (files("gradatim.engine.framework") / "data" / f"{key}.csv").read_bytes()
    return data, About(
        about.title, about.creator, about.version, about.language, uuid5(NAMESPACE_URL, about.uri), about.uri
    )
