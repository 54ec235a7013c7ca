"""The process that sets a document reaches neither files nor the network."""

import multiprocessing
import socket
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import typst

from feedback.printing.isolation import shut_in
from feedback.printing.setting import TEMPLATES, PrintingFailed, Setter, Template
from tests.printing.papers import DATA_TIME, create_letter

FORK = multiprocessing.get_context("fork")


def _tries(answers: Connection) -> None:
    """In a child: what works once it is shut in."""
    setter = Setter()
    shut_in()
    for source in (
        '#read("/etc/passwd")',
        '#read("../isolation.py")',
        '#read("letter.typ")',
        '#import "@preview/anything:1.0.0"',
    ):
        try:
            setter._compile({"main.typ": source.encode()}, format="pdf")
            answers.send(f"{source} worked")
        except typst.TypstError as refused:
            answers.send(f"refused: {refused}")
    for opening in (lambda: socket.create_connection(("127.0.0.1", 9)), Path(__file__).read_bytes):
        try:
            opening()
            answers.send("opened")
        except OSError as refused:
            answers.send(f"refused: {refused.strerror}")
    answers.send(len(setter.pdf(Template.LETTER, create_letter(), DATA_TIME)))


def test_a_document_is_set_though_nothing_can_be_opened() -> None:
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_tries, args=(sender,), daemon=True)
    child.start()
    sender.close()
    answers = [receiver.recv() for _ in range(7)]
    child.join()

    *refusals, size = answers
    assert all(answer.startswith("refused:") for answer in refusals), refusals
    assert size > 10_000


def test_no_template_reads_a_file_or_evaluates_words() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.typ")}

    assert set(sources) >= {f"{template}.typ" for template in Template}
    for name, source in sources.items():
        for word in ("eval(", "read(", "image(", "plugin(", "@preview", 'mode: "markup"'):
            assert word not in source, (name, word)


def test_without_its_fonts_nothing_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr("feedback.printing.setting.FONTS", tmp_path)

    with pytest.raises(PrintingFailed, match="make assets"):
        Setter()
