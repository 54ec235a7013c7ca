"""What the sign-in form sends."""

from marshmallow import fields

from feedback.web.forms import Form


class LoginIn(Form):
    """The sign-in form; `next` is where the person wanted to go."""

    login = fields.String(required=True)
    password = fields.String(required=True)
    next = fields.String(load_default="")
