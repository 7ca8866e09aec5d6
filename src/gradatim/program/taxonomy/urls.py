"""Addresses of the taxonomy."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from gradatim.program.taxonomy import api
from gradatim.program.taxonomy.views import (
    changes,
    crosswalks,
    dimensions,
    editions,
    frameworks,
    imports,
    profiles,
    rules,
)

app_name = "taxonomy"

own = [
    path("", dimensions.overview, name="overview"),
    path("dimensions/new/", dimensions.new, name="new_dimension"),
    path("dimensions/<int:dimension>/", dimensions.dimension, name="dimension"),
    path("dimensions/<int:dimension>/remove/", dimensions.remove, name="remove_dimension"),
    path("dimensions/<int:dimension>/values/new/", dimensions.new_value, name="new_value"),
    path("values/<int:value>/", dimensions.value, name="value"),
    path("values/<int:value>/move/", dimensions.move_value, name="move_value"),
    path("values/<int:value>/remove/", dimensions.remove_value, name="remove_value"),
    path("values/<int:value>/retire/", dimensions.retire_value, name="retire_value"),
    path("changes/", changes.all_of_them, name="changes"),
    path("changes/allow/", changes.allow, name="allow_directly"),
    path("rules/", rules.all_of_them, name="rules"),
    path("rules/new/", rules.new, name="new_rule"),
    path("rules/<int:rule>/", rules.edit, name="rule"),
    path("rules/<int:rule>/remove/", rules.remove, name="remove_rule"),
    path("profiles/", profiles.all_of_them, name="profiles"),
    path("profiles/new/", profiles.new, name="new_profile"),
    path("profiles/<int:profile>/", profiles.profile, name="profile"),
    path("profiles/<int:profile>/edit/", profiles.edit, name="edit_profile"),
    path("profiles/<int:profile>/remove/", profiles.remove, name="remove_profile"),
    path("profiles/<int:profile>/rules/new/", rules.new_of_profile, name="new_profile_rule"),
    path("exceptions/", profiles.exceptions, name="exceptions"),
    path("exceptions/<int:waiver>/end/", profiles.end_exception, name="end_exception"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<int:number>/", editions.edition, name="edition"),
    path("frameworks/", frameworks.all_of_them, name="frameworks"),
    path("frameworks/import/", imports.start, name="import"),
    path("frameworks/import/<int:run>/", imports.run, name="import_run"),
    path("frameworks/import/<int:run>/confirm/", imports.confirm, name="confirm_import"),
    path("frameworks/import/<int:run>/beside/", imports.beside, name="import_beside"),
    path("frameworks/import/<int:run>/discard/", imports.discard, name="discard_import"),
    path("frameworks/<int:framework>/", frameworks.framework, name="framework"),
    path("frameworks/<int:framework>/graph/", frameworks.graph, name="graph"),
    path("frameworks/<int:framework>/versions/", imports.history, name="history"),
    path("frameworks/<int:framework>/versions/compare/", imports.compare, name="compare_versions"),
    path("frameworks/<int:framework>/versions/<int:run>/", imports.difference, name="difference"),
    path("frameworks/<int:framework>/state/", frameworks.change_state, name="framework_state"),
    path("frameworks/<int:framework>/download/<str:format>/", frameworks.download, name="download_framework"),
    path("frameworks/items/<int:statement>/", frameworks.item, name="item"),
    path("frameworks/crosswalks/", crosswalks.all_of_them, name="crosswalks"),
    path("frameworks/crosswalks/new/", crosswalks.new, name="new_match"),
    path("frameworks/crosswalks/<int:match>/remove/", crosswalks.remove, name="remove_match"),
    path("frameworks/crosswalks/download/", crosswalks.download, name="download_crosswalks"),
]


class Edition(StringConverter):
    """The editions of CASE that are spoken."""

    regex = "v1p[01]"


register_converter(Edition, "edition")
case = [
    path("CFDocuments", api.documents, name="case_documents"),
    path("discovery/imscasev1p1_openapi3_v1p0.json", api.discovery, name="case_discovery"),
    path("<str:kind>/<str:identifier>", api.one, name="case_one"),
    path("<path:rest>", api.nothing, name="case_nothing"),
]

urlpatterns = [
    path("o/<slug:organization>/taxonomy/", include(own)),
    path("ims/case/<edition:edition>/", include(case)),
]
