"""Addresses of the passport."""

from django.urls import path

from gradatim.program.passport import views

app_name = "passport"

urlpatterns = [
    path("get/", views.get, name="get"),
    path("get/<str:token>/", views.get_link, name="get_link"),
    path("my/", views.mine, name="mine"),
    path("my/<uuid:credential>/", views.own, name="own"),
    path("my/<uuid:credential>/share/", views.share, name="share"),
    path("my/<uuid:credential>/share/<int:link>/withdraw/", views.withdraw, name="withdraw"),
    path("my/<uuid:credential>/public/", views.public, name="public"),
    path("share/<str:token>/", views.shared, name="shared"),
    path("share/<str:token>/credential.<str:form>", views.shared_file, name="shared_file"),
    path("o/<slug:organization>/cohorts/<int:cohort>/slips/", views.slips, name="slips"),
]
