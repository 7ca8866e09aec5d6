"""Forms of the taxonomy."""

from gradatim.program.taxonomy.forms.dimensions import ACHIEVEMENT_TYPES, DimensionForm, ValueForm
from gradatim.program.taxonomy.forms.frameworks import PREVIEW_HOURS, SALT, ConfirmForm, PackageForm
from gradatim.program.taxonomy.forms.rules import RuleForm, TestsField

__all__ = [
    "ACHIEVEMENT_TYPES",
    "PREVIEW_HOURS",
    "SALT",
    "ConfirmForm",
    "DimensionForm",
    "PackageForm",
    "RuleForm",
    "TestsField",
    "ValueForm",
]
