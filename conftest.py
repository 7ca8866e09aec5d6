"""Playwright runs a loop of its own beside the browser tests; Django is told that this is known."""

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
