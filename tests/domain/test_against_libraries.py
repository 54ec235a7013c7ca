"""Our own arithmetic equals that of the libraries statisticians use, on random sets."""

from math import comb
from random import Random

import pytest
from lifelines import KaplanMeierFitter
from scipy.stats import binom
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from feedback.domain.funnel import Standing, limits, p_value, standings
from feedback.domain.intervals import wilson
from feedback.domain.survival import MEDIAN, P90, Shown, curve, percentile

SETS = 1_000


def repeatable(seed: int) -> Random:
    return Random(seed)  # noqa: S311 (repeatable on purpose)


def histogram(minutes: list[int]) -> dict[int, int]:
    return {minute: minutes.count(minute) for minute in set(minutes)}


def test_kaplan_meier_equals_lifelines() -> None:
    random = repeatable(1958)
    for _ in range(SETS):
        size = random.randint(1, 60)
        longest = random.choice((5, 40, 5_000))
        minutes = [random.randint(0, longest) for _ in range(size)]
        done = [random.random() < 0.7 for _ in range(size)]
        finished = histogram([m for m, d in zip(minutes, done, strict=True) if d])
        censored = histogram([m for m, d in zip(minutes, done, strict=True) if not d])
        theirs = KaplanMeierFitter().fit(minutes, done)
        for step in curve(finished, censored):
            assert float(step.survival) == pytest.approx(theirs.predict(step.minute), abs=1e-9)
        for q in (MEDIAN, P90):
            ours = percentile(finished, censored, q, least_at_risk=1)
            # A curve that comes down to the quantile exactly may miss it by a rounding error there.
            reached = theirs.survival_function_["KM_estimate"] <= 1 - float(q) + 1e-12
            if ours.reason is Shown.OK:
                assert ours.minutes == reached.idxmax()
            else:
                assert not reached.any()


def test_wilson_intervals_equal_statsmodels() -> None:
    random = repeatable(1927)
    for _ in range(SETS):
        total = random.choice((random.randint(1, 50), random.randint(1, 100_000)))
        successes = random.randint(0, total)
        ours = wilson(successes, total)
        low, high = proportion_confint(successes, total, alpha=0.05, method="wilson")
        assert ours is not None
        assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-7)


def test_the_interval_holds_the_true_share_as_often_as_it_says() -> None:
    """On average over shares from .05 to .95, counted out exactly and not drawn."""
    shares = [n / 100 for n in range(5, 96)]
    for total in (5, 30, 100, 263):
        intervals = [wilson(successes, total) for successes in range(total + 1)]
        held = 0.0
        for share in shares:
            for successes, interval in enumerate(intervals):
                assert interval is not None
                if interval.low <= share <= interval.high:
                    left = total - successes
                    held += comb(total, successes) * share**successes * (1 - share) ** left
        assert 0.93 <= held / len(shares) <= 0.97


def test_binomial_p_values_equal_scipy() -> None:
    random = repeatable(2005)
    for _ in range(SETS):
        total = random.choice((random.randint(1, 60), random.randint(1, 20_000)))
        share = random.uniform(0.02, 0.98)
        successes = min(total, max(0, round(random.gauss(total * share, total**0.5))))
        tails = binom.cdf(successes, total, share), binom.sf(successes - 1, total, share)
        assert p_value(successes, total, share) == pytest.approx(min(1, 2 * min(tails)), rel=1e-6)


def test_who_stands_out_equals_holms_correction_in_statsmodels() -> None:
    random = repeatable(1979)
    for _ in range(25):
        counts = []
        for _ in range(random.randint(2, 40)):
            total, share = random.randint(30, 400), random.uniform(0.6, 0.8)
            counts.append((sum(random.random() < share for _ in range(total)), total))
        found = standings(counts)
        rejected, *_ = multipletests([value for _, value in found], method="holm")
        assert [standing is not Standing.WITHIN for standing, _ in found] == list(rejected)


def test_the_limits_lie_beside_the_quantiles_of_scipy() -> None:
    random = repeatable(3)
    for _ in range(200):
        total, share = random.randint(5, 5_000), random.uniform(0.05, 0.95)
        for inside in (0.95, 0.998):
            found = limits(total, share, inside)
            low, high = binom.ppf([(1 - inside) / 2, (1 + inside) / 2], total, share)
            assert found.low * total == pytest.approx(low, abs=1) or found.low == 0
            assert found.high * total == pytest.approx(high, abs=1) or found.high == 1
