"""The web application as a server imports it: `gunicorn wsgi:app`."""

import os

from config import Settings
from feedback.app import create_app

app = create_app(Settings.from_environment(os.environ))
