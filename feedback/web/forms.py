"""What a browser sends, read by a schema: shape only, the rules are the operations'."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load
from werkzeug.datastructures import FileStorage, MultiDict

from feedback.domain.errors import Invalid
from feedback.domain.text import one_line
from feedback.storage.types import can_be_key

# The product's reason code for each kind of complaint the schemas make.
MISSING = "required"
UNREADABLE = "unreadable"


class Form(Schema):
    """A form's fields. Unknown names are left out; an empty text counts as not sent.

    `keep_empty` names the fields whose empty text means something.
    """

    keep_empty: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        """Fields nobody declared cannot reach an operation."""

        unknown = EXCLUDE

    @pre_load
    def _flatten(self, data: MultiDict[str, str], **_: Any) -> dict[str, Any]:
        many = {name for name, field in self.fields.items() if isinstance(field, fields.List)}
        flat: dict[str, Any] = {}
        for name in data:
            if name in many:
                flat[name] = [value for value in data.getlist(name) if value]
            elif data[name].strip() or name in self.keep_empty:
                flat[name] = data[name]
        return flat


def load(form: type[Form]) -> dict[str, Any]:
    """The request's form fields in the shapes of `form`.

    Raises Invalid naming each field that is missing or cannot be read.
    """
    try:
        loaded: dict[str, Any] = form().load(request.form)
    except ValidationError as error:
        said = error.messages_dict
        raise Invalid({name: _code(words) for name, words in said.items()}) from error
    return loaded


def _code(words: Any) -> str:
    return MISSING if "Missing data" in str(words) else UNREADABLE


def as_key(text: str) -> int:
    """A row's id in an address; ValueError when it cannot be one."""
    number = int(text)
    if not can_be_key(number):
        raise ValueError("not a key")
    return number


def key_in(args: Mapping[str, str], name: str) -> int | None:
    """A row's id among an address's parameters; None when there is none to be read."""
    try:
        return as_key(args.get(name, ""))
    except ValueError:
        return None


def searched(name: str = "q", longest: int = 100, args: Mapping[str, str] | None = None) -> str:
    """What an address searches for, on one line and without signs no database can be asked for.

    It is the address of the request, unless `args` are those of another one.
    """
    given = request.args if args is None else args
    return one_line(given.get(name, ""))[:longest]


def sent_files(name: str) -> list[FileStorage]:
    """The files chosen in a file input; an empty input sends a nameless file, which is none."""
    return [file for file in request.files.getlist(name) if file.filename]


def size_of(file: FileStorage) -> int:
    """How many bytes a file has, leaving it at its start."""
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size
