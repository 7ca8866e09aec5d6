"""Addresses of the taxonomy."""

from django.urls import include, path

from gradatim.program.taxonomy.views import dimensions, frameworks, rules

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
    path("rules/", rules.all_of_them, name="rules"),
    path("rules/new/", rules.new, name="new_rule"),
    path("rules/<int:rule>/", rules.edit, name="rule"),
    path("rules/<int:rule>/remove/", rules.remove, name="remove_rule"),
    path("frameworks/", frameworks.all_of_them, name="frameworks"),
    path("frameworks/import/", frameworks.start, name="import"),
    path("frameworks/import/confirm/", frameworks.confirm, name="confirm_import"),
    path("frameworks/<int:framework>/", frameworks.framework, name="framework"),
]

urlpatterns = [path("o/<slug:organization>/taxonomy/", include(own))]
