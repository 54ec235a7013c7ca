"""Static files: versions that follow the contents, and what is left out on the way."""

import re
from pathlib import Path

import pytest

from feedback.web.static_files import FOLDER, OUR_TEXT, files_in, lean, version_of

OURS = sorted(path for name, path in files_in(FOLDER).items() if name.startswith(OUR_TEXT))


def test_the_version_follows_names_and_contents(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a{}")
    first = version_of(files_in(tmp_path))
    file.write_text("b{}")
    second = version_of(files_in(tmp_path))
    file.rename(tmp_path / "b.css")
    assert len({first, second, version_of(files_in(tmp_path))}) == 3


def test_comments_and_indentation_are_left_out() -> None:
    source = '/** What for.\n * More. */\n// Why.\nlet a = 1; // stays\n  // gone\n  b("//x");\n'
    assert lean(source) == 'let a = 1; // stays\nb("//x");\n'


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_text_of_a_script_goes_over_several_lines(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line.count("`") % 2 == 0, line
        assert not line.endswith("\\"), line


def test_every_relative_import_exists() -> None:
    for path in OURS:
        for found in re.findall(r'(?:from|import)\s*\(?"(\./[^"]+)"', path.read_text()):
            assert (path.parent / found).is_file(), f"{path.name} imports {found}"
