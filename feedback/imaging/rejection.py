"""The one error of this package."""

from feedback.domain.errors import DomainError
from feedback.domain.states import PhotoProblem


class PhotoRejected(DomainError):
    """A file that cannot become a photo; `problem` names the sentence its sender reads.

    `code` is the problem's word. The cause, where a decoder had one, stays in `__cause__` for the
    log: it may quote the file and is never shown.
    """

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem
