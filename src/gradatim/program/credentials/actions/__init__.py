"""Writes of credentials: keys, issuing, taking back, status lists, endorsements received."""

from gradatim.program.credentials.actions.batches import cancel_batch, resume_batch, start_batch
from gradatim.program.credentials.actions.endorsing import check_endorsement, receive_endorsement
from gradatim.program.credentials.actions.issuing import issue_due
from gradatim.program.credentials.actions.keys import (
    did_document,
    list_token,
    make_key,
    prepare_keys,
    revoke_key,
    rotate_key,
    token,
)
from gradatim.program.credentials.actions.status import publish_status_lists, remove_practice, take_back

__all__ = [
    "cancel_batch",
    "check_endorsement",
    "did_document",
    "issue_due",
    "list_token",
    "make_key",
    "prepare_keys",
    "publish_status_lists",
    "receive_endorsement",
    "remove_practice",
    "resume_batch",
    "revoke_key",
    "rotate_key",
    "start_batch",
    "take_back",
    "token",
]
