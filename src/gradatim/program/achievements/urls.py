"""Addresses of achievements; those below ``catalog`` are permanent and stand in signed documents."""

from django.urls import include, path

from gradatim.program.achievements.views import content, judging, public, staff

app_name = "achievements"

version = [
    path("", staff.version, name="own_version"),
    path("edit/", staff.edit, name="edit"),
    path("alignments/", staff.alignments, name="alignments"),
    path("rubric/", judging.rubric, name="rubric"),
    path("next/", staff.next_version, name="next_version"),
    path("remove/", staff.remove, name="remove"),
    path("close/", staff.close, name="close"),
    path("badge.svg", staff.badge_svg, name="own_badge_svg"),
    path("conformance/", content.conformance, name="conformance"),
    path("compare/<int:other>/", content.compare, name="compare"),
    path("copy/", content.copy, name="copy"),
    path("languages/new/", content.translation, name="new_translation"),
    path("languages/<slug:language>/", content.translation, name="translation"),
    path("series/", content.series, name="series"),
    path("review/", content.schedule, name="schedule"),
]

urlpatterns = [
    path("catalog/", public.catalogs, name="catalogs"),
    path("o/<slug:organization>/catalog/", public.catalog, name="catalog"),
    path("o/<slug:organization>/catalog/<slug:slug>/", public.newest, name="achievement"),
    path("o/<slug:organization>/catalog/<slug:slug>/<int:number>/", public.version, name="version"),
    path(
        "o/<slug:organization>/catalog/<slug:slug>/<int:number>/badge.svg", public.badge_svg, name="badge_svg"
    ),
    path(
        "o/<slug:organization>/catalog/<slug:slug>/<int:number>/badge.png", public.badge_png, name="badge_png"
    ),
    path(
        "o/<slug:organization>/catalog/<slug:slug>/<int:number>/<slug:language>/",
        public.translation,
        name="translated_version",
    ),
    path("o/<slug:organization>/achievements/reviews/", content.reviews, name="reviews"),
    path("o/<slug:organization>/achievements/quality/", content.quality, name="quality"),
    path("o/<slug:organization>/achievements/", staff.all_of_them, name="list"),
    path("o/<slug:organization>/achievements/new/", staff.new, name="new"),
    path("o/<slug:organization>/achievements/check/", staff.check, name="check"),
    path("o/<slug:organization>/achievements/<int:version>/", include(version)),
]
