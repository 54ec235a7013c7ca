"""The forms of a page as a browser would send them: every field with the value it stands at."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it goes, the value of each field, and how long a text may be."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._area: str | None = None
        self._choice: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(PageForm(known.get("action", "")))
        if not self.found:
            return
        form, name = self.found[-1], known.get("name", "")
        if name and known.get("maxlength"):
            form.limits[name] = int(known["maxlength"])
        if tag == "textarea" and name:
            self._area, form.values[name] = name, ""
        elif tag == "select":
            self._choice, form.values[name] = name, ""
        elif tag == "option" and self._choice and "selected" in known:
            form.values[self._choice] = known.get("value", "")
        elif tag == "input" and name and ("checked" in known or not _is_box(known)):
            form.values[name] = known.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._choice = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].values[self._area] += data


def _is_box(known: dict[str, str]) -> bool:
    return known.get("type") in {"checkbox", "radio", "file"}


def form_to(page: str, action: str) -> PageForm:
    """The first form of a page that goes to an address ending so; AssertionError without one."""
    for form in _Forms(page).found:
        if form.action.endswith(action):
            return form
    raise AssertionError(f"no form to {action}")
