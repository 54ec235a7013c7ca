"""What the forms about one person's data send: shapes only."""

from marshmallow import fields

from feedback.operations.persons import OpenReports
from feedback.web.forms import Form


class PersonIn(Form):
    """Whose data: an e-mail address or a telephone number."""

    contact = fields.String(load_default="")


class ExportPersonIn(PersonIn):
    """Giving it out."""

    reason = fields.String(load_default="")


class ErasePersonIn(PersonIn):
    """Erasing it."""

    reason = fields.String(load_default="")
    open_reports = fields.Enum(OpenReports, by_value=True, load_default=OpenReports.LATER)
    confirmed = fields.Boolean(load_default=False)
