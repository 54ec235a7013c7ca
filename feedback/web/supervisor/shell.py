"""What every page of figures shows round its content: where one is, and where one can go."""

from typing import Any

from feedback.domain.comparisons import Against
from feedback.web.supervisor.asking import Asked
from feedback.web.supervisor.boards import ScopeBoard
from feedback.web.supervisor.scope_names import names_of_kind, scope_name
from feedback.web.supervisor.topics import Topic, topic_word
from feedback.web.windows import window_choice
from feedback.wording.comparisons import comparison_choice, comparison_word, earlier_word
from feedback.wording.measures import kind_word, share_word


def shell(question: Asked, board: ScopeBoard | None) -> dict[str, Any]:
    """What the frame of the pages needs."""
    return {
        "asked": question,
        "scope_name": scope_name(question.scope),
        "topics": {topic.value: topic_word(topic) for topic in Topic},
        "choice": window_choice(question.period, own="against"),
        "comparisons": {one.value: comparison_choice(one) for one in Against},
        "comparison": comparison_word(question.against),
        "earlier_word": earlier_word(question.against),
        "kind_word": kind_word,
        "share_word": share_word,
        "names": {kind: names_of_kind(kind) for kind in question.parts},
        "data_time": board.data_time if board else None,
    }
