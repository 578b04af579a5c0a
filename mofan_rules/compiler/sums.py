"""What the parts of a roll-up add up to, and the tests on it (`docs/meaning.md` section 7)."""

from dataclasses import dataclass

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.bounds import Bound, interval_text, required_text, within
from mofan_rules.compiler.frame import Frame
from mofan_rules.compiler.tree import (
    FALSE,
    TEXT,
    TRUE,
    Tree,
    both,
    case,
    cast,
    either,
    eq,
    gt,
    is_null,
    joined,
    no,
    text,
    whole,
)
from mofan_rules.compiler.values import Number, Ratio
from mofan_rules.ir.program import Tally

MANY = 10**12
"""No sum of weights is larger."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of weights over the columns of a frame: of the surely linked parts and of those only possibly linked."""

    counted: Tree
    opposite: Tree
    most: Tree
    everything: Tree
    unknown: Tree
    pending: Tree
    maybe_counted: Tree
    maybe_most: Tree
    maybe_all: Tree


def _interval(tally: Tally, frame: Frame, sums: Sums) -> Number:
    """The count or the share, as known (`docs/meaning.md` 7.5)."""
    keep, exact = frame.keep, frame.dialect.exact
    high = keep(exact(sql.plus(sums.most, sums.maybe_most)))
    low = keep(exact(sums.counted))
    if not tally.share:
        return Number(Ratio(low, 1, MANY, 1), Ratio(high, 1, MANY, 1))
    least_of = keep(exact(sql.minus(sql.plus(sums.everything, sums.maybe_all), sums.maybe_counted)))
    most_of = keep(exact(sql.plus(sums.everything, sums.maybe_most)))
    none, some = eq(least_of, whole(0)), eq(most_of, whole(0))
    lowest = Ratio(keep(case((none, exact(whole(0))), otherwise=low)), keep(case((none, exact(whole(1))), otherwise=least_of)), MANY, MANY)
    highest = Ratio(keep(case((some, exact(whole(1))), otherwise=high)), keep(case((some, exact(whole(1))), otherwise=most_of)), MANY, MANY)
    return Number(lowest, highest)


def tally_truth(tally: Tally, frame: Frame, sums: Sums, least: Bound | None, most: Bound | None, wanting: Tree) -> tuple[Tree, Tree]:
    """The truth of the test, with what may still come or is not known of the graph, and whether the value is surely too small."""
    keep, exact = frame.keep, Exact(frame)
    value = _interval(tally, frame, sums)
    if not tally.share:
        high = Ratio(case((wanting, exact.nothing().n), otherwise=value.high.n), 1, MANY, 1)
        truth, above = within(Number(value.low, exact.kept(high)), least, most, True, frame)
        return keep(truth), keep(sql.surely_not(above))
    truth, above = within(value, least, most, False, frame)
    more, less = gt(sums.counted, whole(0)), gt(sums.opposite, whole(0))
    one = Number(Ratio(exact.frame.dialect.exact(whole(0)), 1, 1, 1), Ratio(exact.frame.dialect.exact(whole(1)), 1, 1, 1))
    whole_range, _ = within(one, least, most, False, frame)
    low_test = TRUE if least is None else case((least.absent, TRUE), otherwise=_at_least_open(exact, least.number, less))
    high_test = TRUE if most is None else case((most.absent, TRUE), otherwise=_at_most_open(exact, most.number, more))
    both_tests = keep(both(low_test, high_test))
    opened = case((both(is_null(both_tests), sql.surely_not(keep(whole_range))), FALSE), otherwise=both_tests)
    result = case((wanting, opened), otherwise=keep(truth))
    short = case((wanting, sql.surely_not(keep(low_test))), otherwise=sql.surely_not(above))
    return keep(result), keep(short)


def _at_least_open(exact: Exact, limit: Number, below: Tree) -> Tree:
    """Is a share that may be anything from 0 to 1 (if `below`, less than 1) at least the limit?"""
    zero, one = Ratio(whole(0), 1, 0, 1), Ratio(whole(1), 1, 1, 1)
    too_much = either(exact.compare(limit.low, ">", one), both(below, exact.compare(limit.low, "=", one)))
    return sql.decided(exact.compare(limit.high, "<=", zero), too_much)


def _at_most_open(exact: Exact, limit: Number, above: Tree) -> Tree:
    """Is a share that may be anything from 0 (if `above`, more) to 1 at most the limit?"""
    zero, one = Ratio(whole(0), 1, 0, 1), Ratio(whole(1), 1, 1, 1)
    too_little = either(exact.compare(limit.high, "<", zero), both(above, exact.compare(limit.high, "=", zero)))
    return sql.decided(exact.compare(limit.low, ">=", one), too_little)


def tally_measured(tally: Tally, frame: Frame, sums: Sums, incomplete: Tree) -> Tree:
    exact = Exact(frame)
    if not tally.share:
        value = _interval(tally, frame, sums)
        high = Ratio(case((incomplete, exact.nothing().n), otherwise=value.high.n), 1, MANY, 1)
        return interval_text(value.low, high, frame)
    high_text = frame.keep(sql.plus(sums.most, sums.maybe_most))
    of = joined(text("/"), cast(sql.plus(sums.everything, sums.maybe_all), TEXT))
    low = cast(sums.counted, TEXT)
    return case((eq(sums.counted, high_text), joined(low, of)), otherwise=joined(low, text(".."), cast(high_text, TEXT), of))


def tally_required(tally: Tally, frame: Frame, least: Bound | None, most: Bound | None) -> Tree:
    """Counts as elsewhere; shares in hundredths if possible."""
    if not tally.share:
        return required_text(least, most, frame)
    exact, keep = Exact(frame), frame.keep
    known = [limit for limit in (least, most) if limit is not None]
    if not known:
        return text("")
    exactly = both(*(either(limit.absent, sql.surely(exact.same(limit.number))) for limit in known))
    hundredths, plain, fits = [], [], []
    for limit in known:
        end = exact.kept(limit.number.low)
        scaled = keep(sql.times(frame.dialect.exact(end.n), whole(100)))
        d = keep(frame.dialect.exact(end.denominator))
        rest = keep(sql.remainder(scaled, d))
        fits.append(either(limit.absent, sql.surely(eq(rest, whole(0)))))
        hundredths.append(cast(frame.dialect.quotient(sql.minus(scaled, rest), d), TEXT))
        common = keep(frame.dialect.gcd(keep(frame.dialect.exact(sql.coalesce(sql.call("ABS", end.n), whole(1)))), d))
        over = cast(frame.dialect.quotient(d, common), TEXT)
        plain.append(joined(cast(frame.dialect.quotient(frame.dialect.exact(end.n), common), TEXT), text("/"), over))

    def several(texts: list[Tree], after: str) -> Tree:
        if len(texts) == 1:
            return case((known[0].absent, text("")), otherwise=joined(texts[0], text(after)))
        first, last = known
        same = sql.surely(exact.compare(first.number.low, "=", last.number.low))
        return case(
            (both(first.absent, last.absent), text("")),
            (first.absent, joined(texts[1], text(after))),
            (either(last.absent, same), joined(texts[0], text(after))),
            otherwise=joined(texts[0], text(".."), texts[1], text(after)),
        )

    return case((no(exactly), text("")), (both(*fits), several(hundredths, "/100")), otherwise=several(plain, ""))
