"""Addresses of credentials; those that stand in signed documents never change."""

from django.urls import path

from gradatim.program.credentials import api
from gradatim.program.credentials.views import endorsing, public, staff, verifying

app_name = "credentials"

ENDORSEMENTS = "o/<slug:organization>/achievements/<int:version>/endorsements/"

urlpatterns = [
    path("credentials/<uuid:credential>", public.credential, name="credential"),
    path("credentials/<uuid:credential>/credential.<str:form>", public.file, name="file"),
    path("credentials/<uuid:credential>/qr.svg", public.qr, name="qr"),
    path("o/<slug:organization>/status/<slug:purpose>/<int:number>", api.status_list, name="status_list"),
    path("o/<slug:organization>/did.json", api.did_document, name="did"),
    path(".well-known/did.json", api.site_did_document, name="site_did"),
    path("o/<slug:organization>/jwks.json", api.key_set, name="key_set"),
    path(".well-known/jwks.json", api.key_set, name="key_set"),
    path("o/<slug:organization>/issuer", api.issuer, name="issuer"),
    path("verify/", verifying.verify_page, name="verify"),
    path("verify", verifying.verify_page, name="verify_plain"),  # a redirect would lose what is posted
    path("o/<slug:organization>/credentials/", staff.all_of_them, name="list"),
    path("o/<slug:organization>/credentials/<uuid:credential>/take-back/", staff.take_back, name="take_back"),
    path("o/<slug:organization>/batches/", staff.batches, name="batches"),
    path("o/<slug:organization>/batches/<int:batch>/", staff.batch, name="batch"),
    path("o/<slug:organization>/batches/<int:batch>/cancel/", staff.cancel, name="cancel_batch"),
    path("o/<slug:organization>/batches/<int:batch>/failures.csv", staff.failures, name="failures"),
    path(ENDORSEMENTS, endorsing.endorsements, name="endorsements"),
    path(f"{ENDORSEMENTS}<int:endorsement>/check/", endorsing.check, name="check_endorsement"),
    path(f"{ENDORSEMENTS}<int:endorsement>/withdraw/", endorsing.withdraw, name="withdraw_endorsement"),
    path("o/<slug:organization>/keys/", staff.keys, name="keys"),
    path("o/<slug:organization>/keys/rotate/", staff.rotate, name="rotate_key"),
    path("o/<slug:organization>/keys/<int:key>/revoke/", staff.revoke, name="revoke_key"),
]
