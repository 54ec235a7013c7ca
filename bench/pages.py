"""How many queries each page makes, at two sizes of the city: the count must not grow."""

import logging
import tempfile
from pathlib import Path

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench import city
from bench.rows import Row
from config import ROOT, Settings
from feedback.app import create_app
from feedback.demo.load import load_city
from feedback.extensions import db
