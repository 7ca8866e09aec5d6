"""The WSGI application, for Granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from gradatim.program.web.bodies import read_first

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradatim.program.web.settings")
application = read_first(get_wsgi_application())
