"""Every measure in words: what it is, on which clock, and who is left out."""

from feedback.domain.durations import BY_CALENDAR, Duration
from feedback.domain.share_measures import ShareMeasure
from feedback.wording import _
from feedback.wording.measures import share_meaning, share_word, time_meaning, time_word
from feedback.wording.period_cells import MOST, SURE


def definitions() -> list[tuple[str, str]]:
    """The name of each measure and rule with what it means, in the order of a report."""
    return [*_rules(), *_shares(), *_times(), *_judgements()]


def _rules() -> list[tuple[str, str]]:
    return [
        (
            _("Which reports are counted"),
            _(
                "Every report received by the city. Rejected, duplicate and withdrawn reports "
                "leave every other figure and are counted apart."
            ),
        ),
        (
            _("What a case is"),
            _(
                "A case runs from the first dispatch of a report, or from its reopening, to its "
                "close. It belongs to the unit that led it last; passing it on resets nothing."
            ),
        ),
        (
            _("Open"),
            _("Neither closed nor excluded at the end of a day, counted for who held it then."),
        ),
        (
            _("Clocks"),
            _(
                "Working time follows the city's calendar in the version named on the first page; "
                "urgent categories run round the clock. The two are never mixed."
            ),
        ),
        (
            _("Period before"),
            _("The month, quarter or year just before, where it was counted whole."),
        ),
    ]


def _shares() -> list[tuple[str, str]]:
    return [(share_word(measure), share_meaning(measure)) for measure in ShareMeasure]


def _times() -> list[tuple[str, str]]:
    by_calendar = _("Counted by the calendar, nights and holidays included.")
    by_level = _("Counted on the clock of the category's service level.")
    return [
        (time_word(one), f"{time_meaning(one)} {by_calendar if one in BY_CALENDAR else by_level}")
        for one in Duration
    ]


def _judgements() -> list[tuple[str, str]]:
    return [
        (
            _("Half within, %(share)s within", share=MOST),
            _(
                "The time in which half, or %(share)s, of all cases begun in the period ended, "
                "estimated by Kaplan–Meier: what is still running counts as “at least so long”. "
                "Shown only where at least 10 cases had come that far.",
                share=MOST,
            ),
        ),
        (
            _("Confidence interval"),
            _(
                "The interval of %(share)s of a share of ratings (Wilson). Fewer than 30 ratings "
                "are grey and not ranked, fewer than 5 are not shown. People choose whether to "
                "rate, so these shares do not speak for everyone.",
                share=SURE,
            ),
        ),
        (
            _("Stands out"),
            _(
                "The share lies further from that of all together than chance explains: exact "
                "binomial tests, corrected for how many are compared (Holm). Fewer than 30 cases "
                "are not judged."
            ),
        ),
        (
            _("What changed, and by whom"),
            _(
                "The change of a share since the period before, split exactly into what each part "
                "did by its own share and by its part of the whole (Kitagawa)."
            ),
        ),
        (
            _("Unchanged for ever"),
            _(
                "The figures, and the lists of cases behind them, are kept as they stood at the "
                "data time. What happens later changes nothing here; a correction is a further "
                "edition, and this one stays."
            ),
        ),
    ]
