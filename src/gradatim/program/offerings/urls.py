"""Addresses of offerings."""

from django.urls import include, path

from gradatim.program.offerings import views

app_name = "offerings"

cohort = [
    path("", views.cohort, name="cohort"),
    path("roster/", views.upload, name="upload"),
    path("roster/<int:roster>/", views.preview, name="preview"),
    path("roster/<int:roster>/confirm/", views.confirm, name="confirm"),
    path("roster/<int:roster>/discard/", views.discard, name="discard"),
    path("results/", views.results, name="results"),
    path("issue/", views.issue, name="issue"),
]

urlpatterns = [
    path("o/<slug:organization>/cohorts/", views.cohorts, name="cohorts"),
    path("o/<slug:organization>/cohorts/new/", views.new, name="new"),
    path("o/<slug:organization>/cohorts/roster-template.csv", views.template, name="template"),
    path("o/<slug:organization>/cohorts/<int:cohort>/", include(cohort)),
]
