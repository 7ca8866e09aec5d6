"""The demo's policies: dimensions of Northfield's own, one more profile, and a whole policy taken over by Southgate."""

from __future__ import annotations

from gradatim.program.council import actions as council
from gradatim.program.council import examples
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import pack, queries
from gradatim.program.taxonomy.models import Value
from gradatim.program.web.demo.cast import Cast

OWN = """
format: gradatim-policy/1
dimensions:
  - key: audience
    name: Audience
    description: For whom it is made.
    several: true
    texts: {es: {name: Público}, de: {name: Zielgruppe}}
    values:
      - {key: students, name: Students of the college, texts: {es: {name: Estudiantes}, de: {name: Studierende}}}
      - {key: workers, name: People at work, texts: {es: {name: Personas que trabajan}, de: {name: Berufstätige}}}
      - {key: teachers, name: Teaching staff, texts: {es: {name: Docentes}, de: {name: Lehrende}}}
  - key: domain
    name: Domain
    description: Broad fields of ISCED-F 2013.
    values:
      - {key: business, name: 'Business, administration and law'}
      - {key: ict, name: Information and communication technologies}
      - {key: engineering, name: 'Engineering, manufacturing and construction'}
      - {key: health, name: Health and welfare}
rules:
  - key: audience-said
    asks: It says for whom it is made.
    severity: advise
    then: [audience present]
    message: Tick for whom it is made, so that people find it.
    because: 'Northfield policy 2.1: every offer names its audience'
"""


def fill(cast: Cast) -> list[Value]:
    """Take the policies over.

    Returns:
        Where the main job's achievement stands in Northfield's own dimensions.
    """
    _take(cast.northfield, OWN, cast.manager)
    _take(cast.northfield, examples.text("nzqa"), cast.manager)
    _take(cast.southgate, examples.text("umbc"), cast.outsider)
    values = Value.objects.filter(dimension__organization=cast.northfield)
    return list(
        values.filter(dimension__key="audience", key__in=["students", "workers"])
        | values.filter(dimension__key="domain", key="ict")
    )


def _take(organization: Organization, text: str, actor: Person) -> None:
    policy = pack.read(text, known=queries.value_keys(organization))
    if policy.rest:
        council.take_policy(organization=organization, policy=policy, actor=actor)
    else:
        taxonomy.take_policy(organization=organization, policy=policy, actor=actor)
