"""Every address of the product; each room brings its own."""

from django.urls import include, path

from gradatim.program.ground.actions import CODE_PAGE
from gradatim.program.web import views
from gradatim.program.web.setup import views as setup

own = (
    [
        path("", views.home, name="home"),
        path("setup/", setup.start, name="setup"),
        path("setup/mine/", setup.mine, name="setup_mine"),
        path("o/<slug:organization>/first-steps/", setup.first_steps, name="first_steps"),
        path("o/<slug:organization>/first-steps/key/", setup.key_backup, name="key_backup"),
        path("o/<slug:organization>/first-steps/mail/", setup.test_mail, name="test_mail"),
        path("o/<slug:organization>/", views.board, name="board"),
        path("o/<slug:organization>/make-real/", views.make_real, name="make_real"),
        path("o/<slug:organization>/remove-practice/", views.remove_practice, name="remove_practice"),
        path(CODE_PAGE.lstrip("/"), views.code, name="code"),
        path("cast/", views.cast, name="cast"),
        path("o/<slug:organization>/brand.css", views.brand, name="brand"),
        path("healthz", views.alive, name="alive"),
        path("readyz", views.ready, name="ready"),
        path("version", views.version, name="version"),
    ],
    "web",
)

urlpatterns = [
    path("", include(own)),
    path("", include("gradatim.program.people.urls")),
    path("", include("gradatim.program.taxonomy.urls")),
    path("", include("gradatim.program.achievements.urls")),
    path("", include("gradatim.program.credentials.urls")),
    path("", include("gradatim.program.passport.urls")),
    path("", include("gradatim.program.offerings.urls")),
    path("", include("gradatim.program.council.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
]

handler400 = "gradatim.program.web.errors.bad_request"
handler403 = "gradatim.program.web.errors.forbidden"
handler404 = "gradatim.program.web.errors.not_found"
handler500 = "gradatim.program.web.errors.broken"
