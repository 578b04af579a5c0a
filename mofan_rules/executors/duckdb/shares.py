"""What the sums of a tally come to: the truth of its bounds on a count or a share, and how both are written (`docs/meaning.md` section 7)."""

from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.parts import SUMS
from mofan_rules.executors.duckdb.shapes import kept
from mofan_rules.executors.duckdb.tests import Bound, within
from mofan_rules.executors.duckdb.values import Number, Ratio, compare, constant, times
from mofan_rules.ir.program import Tally

TOP = 10**14
"""No sum of weights exceeds this."""


def count_truth(total: dict[str, str], least: Bound | None, most: Bound | None, loose: str, frame: Frame) -> tuple[str, str]:
    """The truth of the bounds on a count, and of the lower one."""
    high = " + ".join(total[name] for name in ("c", "u", "p", "c_maybe", "u_maybe", "p_maybe"))
    value = Number(Ratio(total["c"], 1, TOP, 1), Ratio(frame.keep(f"CASE WHEN NOT ({loose}) THEN {high} END"), 1, TOP, 1))
    return within(value, least, most, True, frame)


def share_truth(total: dict[str, str], least: Bound | None, most: Bound | None, loose: str, frame: Frame) -> tuple[str, str]:
    """The truth of the bounds on a share. In an open window the share lies above 0 if something counts, below 1 if something does not."""
    sure = [total[name] for name in ("c", "o", "u", "p")]
    c, o, u, p = sure
    maybe = {name: total[f"{name}_maybe"] for name in ("c", "o", "u", "p")}
    low_under = frame.keep(" + ".join([*sure, maybe["o"], maybe["u"], maybe["p"]]))
    high_over = frame.keep(" + ".join([c, u, p, maybe["c"], maybe["u"], maybe["p"]]))
    high_under = frame.keep(" + ".join([*sure, maybe["c"], maybe["u"], maybe["p"]]))
    low_loose, high_loose = (frame.keep(f"({loose}) OR {under} = 0") for under in (low_under, high_under))
    low = Ratio(frame.keep(f"CASE WHEN {low_loose} THEN 0 ELSE {c} END"), frame.keep(f"CASE WHEN {low_loose} THEN 1 ELSE {low_under} END"), TOP, TOP)
    high = Ratio(
        frame.keep(f"CASE WHEN {high_loose} THEN 1 ELSE {high_over} END"), frame.keep(f"CASE WHEN {high_loose} THEN 1 ELSE {high_under} END"), TOP, TOP
    )
    value = Number(low, high)
    above_nothing, below_all = f"({loose}) AND {c} > 0", f"({loose}) AND {o} > 0"
    truth, above = within(value, least, most, False, frame)
    strict = []
    if least is not None:
        beyond = compare(least.number.low, ">=", constant(1))
        strict.append((f"NOT ({least.missing}) AND {below_all} AND {beyond}", "few"))
    if most is not None:
        under = compare(most.number.high, "<=", constant(0))
        strict.append((f"NOT ({most.missing}) AND {above_nothing} AND {under}", "many"))
    for condition, which in strict:
        truth = f"CASE WHEN {condition} THEN FALSE ELSE {truth} END"
        if which == "few":
            above = f"CASE WHEN {condition} THEN FALSE ELSE {above} END"
    return truth, above


def sums_text(tally: Tally, total: dict[str, str], wanting_feed: str) -> str:
    possible = " + ".join(total[name] for name in ("u", "p", "c_maybe", "u_maybe", "p_maybe"))
    low, high = f"({total['c']})", f"({total['c']} + {possible})"
    if tally.share:
        under = " + ".join(total[name] for name in SUMS)
        return f"CASE WHEN {low} = {high} THEN {low}::VARCHAR ELSE {low}::VARCHAR || '..' || {high}::VARCHAR END || '/' || ({under})::VARCHAR"
    open_end = f"WHEN {wanting_feed} THEN {low}::VARCHAR || '..' " if wanting_feed != sql.FALSE else ""
    return f"CASE {open_end}WHEN {low} = {high} THEN {low}::VARCHAR ELSE {low}::VARCHAR || '..' || {high}::VARCHAR END"


def share_required(least: Bound | None, most: Bound | None, frame: Frame) -> str:
    """The bounds of a share: in hundredths, else as fractions."""
    ends = [limit for limit in (least, most) if limit is not None]
    if not ends:
        return "''"
    numbers = [cast(Number, kept(limit.number, frame)) for limit in ends]
    exact = []
    for number in numbers:
        exact.append(f"({number.low.n}) IS NOT NULL" + ("" if number.exact else f" AND COALESCE({compare(number.low, '=', number.high)}, FALSE)"))
    hundreds = [times(number.low, constant(100)) for number in numbers]
    whole = [f"({hundred.n}) % ({hundred.denominator}) = 0" for hundred in hundreds]
    cents = [f"(({hundred.n}) // ({hundred.denominator}))::VARCHAR" for hundred in hundreds]
    fractions = [_fraction(number.low) for number in numbers]
    one = [f"CASE WHEN {is_whole} THEN {cent} || '/100' ELSE {fraction} END" for is_whole, cent, fraction in zip(whole, cents, fractions, strict=True)]
    if len(ends) == 1:
        return f"CASE WHEN {ends[0].missing} OR NOT ({exact[0]}) THEN '' ELSE {one[0]} END"
    equal = compare(numbers[0].low, "=", numbers[1].low)
    both = f"CASE WHEN {whole[0]} AND {whole[1]} THEN {cents[0]} || '..' || {cents[1]} || '/100' ELSE {fractions[0]} || '..' || {fractions[1]} END"
    gone = [limit.missing for limit in ends]
    return (
        f"CASE WHEN NOT (({gone[0]} OR ({exact[0]})) AND ({gone[1]} OR ({exact[1]}))) OR ({gone[0]} AND {gone[1]}) THEN ''"
        f" WHEN {gone[0]} THEN {one[1]} WHEN {gone[1]} OR {equal} THEN {one[0]} ELSE {both} END"
    )


def _fraction(ratio: Ratio) -> str:
    """As `p/q` in lowest terms."""
    if ratio.d == 1:
        return f"({ratio.n})::VARCHAR || '/1'"
    common = f"gcd(abs({ratio.n})::HUGEINT, ({ratio.denominator})::HUGEINT)"
    return f"(({ratio.n})::HUGEINT // {common})::VARCHAR || '/' || (({ratio.denominator})::HUGEINT // {common})::VARCHAR"
