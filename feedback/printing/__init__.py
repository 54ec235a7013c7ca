"""Documents on paper: a template and plain data become a PDF, the same ones the same bytes.

Typst sets the pages. What people wrote reaches it as values of a JSON text, which a template puts
down as words: nothing of it is ever read as markup. `print_document` is what jobs call; it works in
a child process that can open no file and no connection while it sets.
"""

from feedback.printing.isolation import print_document
from feedback.printing.setting import PrintingFailed, Template

__all__ = ["PrintingFailed", "Template", "print_document"]
