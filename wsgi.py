"""The web application as a server imports it: `gunicorn wsgi:app`."""

import os

from config import Settings
from feedback.app import create_app
from feedback.delivery.garbage import spare_what_is_there

app = create_app(Settings.from_environment(os.environ))
spare_what_is_there()
