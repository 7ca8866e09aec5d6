"""The rubric by which reviewers look at a proposal: twelve criteria, 0 to 3 each, 1 is the least that will do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FLOOR = 1
BEST = 3
CRITERIA = {
    "purpose": _("Purpose and audience are clear"),
    "need": _("The need is shown, with sources younger than two years"),
    "voices": _("People outside were heard or stand behind it"),
    "outcomes": _("Outcomes can be observed and measured"),
    "assessment": _("The assessment is valid and fits type and level"),
    "evidence": _("Evidence is good and private where it must be"),
    "workload": _("Workload and level are reasonable"),
    "alignment": _("It is aligned to frameworks"),
    "stacking": _("It counts toward something larger"),
    "access": _("Everyone can take part"),
    "capacity": _("It can be delivered, paid for and kept up"),
    "upkeep": _("It is described completely and has a date for review"),
}
