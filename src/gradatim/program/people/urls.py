"""Addresses of people."""

from django.urls import path

from gradatim.program.people import views

app_name = "people"

urlpatterns = [
    path("o/<slug:organization>/people/", views.people, name="people"),
    path("o/<slug:organization>/people/<int:membership>/take/", views.take_role, name="take_role"),
    path("o/<slug:organization>/settings/", views.settings, name="settings"),
    path("o/<slug:organization>/log/", views.log, name="log"),
    path("o/<slug:organization>/logo", views.logo, name="logo"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
