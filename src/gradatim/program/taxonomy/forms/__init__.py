"""Forms of the taxonomy."""

from gradatim.program.taxonomy.forms.changes import DirectForm
from gradatim.program.taxonomy.forms.dimensions import (
    ACHIEVEMENT_TYPES,
    DimensionForm,
    ValueForm,
)
from gradatim.program.taxonomy.forms.frameworks import (
    SHIPPED,
    AddressForm,
    FileForm,
    MatchForm,
)
from gradatim.program.taxonomy.forms.profiles import ProfileForm
from gradatim.program.taxonomy.forms.rules import (
    RuleForm,
    TestsField,
)

__all__ = [
    "ACHIEVEMENT_TYPES",
    "SHIPPED",
    "AddressForm",
    "DimensionForm",
    "DirectForm",
    "FileForm",
    "MatchForm",
    "ProfileForm",
    "RuleForm",
    "TestsField",
    "ValueForm",
]
