"""The policy as a table to read: `python -m tests.authorization.matrix > docs/authorization.md`."""

import sys
import tempfile
from collections.abc import Iterator, Mapping

from flask import Flask

from config import Settings
from feedback.app import create_app
from tests.authorization.policies import POLICIES, Answer, Policy, Who

SIGNS = {Answer.IN: "✓", Answer.LOGIN: "→", Answer.REFUSED: "–", Answer.HIDDEN: "404"}
HEAD = """# Who may enter

Every route of the product with what each kind of person meets there, for the case of their own
unit or the report of their own link (where an answer for a foreign one differs, it stands behind
the stroke). The table is written from the declared policy of the tests, which walk all of it:
✓ gets in, → is sent to sign in, – is refused (403), 404 is told that there is no such thing, in the
same words as for something that does not exist. Inside, forms and versions are checked besides.

"""


def lines(app: Flask) -> Iterator[str]:
    """The table in Markdown, a line for each method of each route, by address."""
    yield "| route | " + " | ".join(Who) + " |"
    yield "|---|" + "---|" * len(Who)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        policy = POLICIES[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            met = " | ".join(_sign(policy, who) for who in Who)
            yield f"| {method} `{rule.rule}` | {met} |"


def document(app: Flask) -> str:
    """The whole page."""
    return HEAD + "\n".join(lines(app)) + "\n"


def _sign(policy: Policy, who: Who) -> str:
    own, foreign = (SIGNS[answers[who]] for answers in _both(policy))
    return own if own == foreign else f"{own} / {foreign}"


def _both(policy: Policy) -> tuple[Mapping[Who, Answer], Mapping[Who, Answer]]:
    return policy.own, policy.foreign


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"ENVIRONMENT": "testing", "DATA_DIR": folder})
        sys.stdout.write(document(create_app(settings)))
