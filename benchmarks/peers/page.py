"""The section of a page and the chart that a run of the peers writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

BEGIN, END = "<!-- peers: written by benchmarks/bench_peers.py -->", "<!-- end of peers -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one peer took for one set of facts: the least of its rounds."""

    wall: float
    cpu: float
    mb: float
    verdicts: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Result:
    """A peer's figures by the number of branches, or why there are none; `refused` says why it was not asked for a size."""

    name: str
    lines: int
    cannot: str
    figures: Mapping[int, Figure]
    skipped: str | None = None


def replaced(page: str, section: str) -> str:
    """The page with this section between the marks; they must be there once each.

    Raises
    ------
    ValueError: if they are not.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError("the page has no place for this section")
    return f"{page.partition(BEGIN)[0]}{BEGIN}\n{section.strip()}\n{page[page.index(END) :]}"


def tables(results: Sequence[Result], sizes: Sequence[int]) -> str:
    """A table for each size; the ratio is that of processor seconds to those of the first peer."""
    parts = []
    for size in sizes:
        first = results[0].figures[size]
        parts += [f"**{size:,} branches, {first.verdicts:,} verdicts**", ""]
        parts += ["| | wall s | processor s | ratio | verdicts a second | peak MB | lines to write |", "|---|---|---|---|---|---|---|"]
        for result in results:
            figure = result.figures.get(size)
            if figure is not None:
                part = "" if figure.verdicts == first.verdicts else f" ({figure.verdicts:,} verdicts)"
                # Of a part of the verdicts, the ratio is that of the seconds a verdict.
                ratio = figure.cpu / figure.verdicts * first.verdicts / first.cpu
                parts.append(
                    f"| {result.name}{part} | {_digits(figure.wall)} | {_digits(figure.cpu)} | {_digits(ratio)} | {_two(figure.verdicts / figure.wall)}"
                    f" | {figure.mb:.0f} | {result.lines} |"
                )
        absent = [f"{result.name} ({result.skipped})" for result in results if result.skipped]
        left = [result.name for result in results if not result.skipped and size not in result.figures]
        if left:
            parts += ["", f"Not asked for so many: {', '.join(left)}."]
        if absent:
            parts += ["", f"Left out: {'; '.join(absent)}."]
        parts.append("")
    parts += ["| | what it leaves to its user |", "|---|---|", *(f"| {result.name} | {result.cannot} |" for result in results)]
    return "\n".join(parts)


def _digits(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"


def _two(rate: float) -> str:
    """A large number to two digits."""
    return f"{int(float(f'{rate:.2g}')):,}"


def chart(results: Sequence[Result], sizes: Sequence[int]) -> str:
    """Verdicts a second of each peer as SVG: one bar a size, on a logarithmic scale."""
    shown = [result for result in results if result.figures]
    rates = {(result.name, size): figure.verdicts / figure.wall for result in shown for size, figure in result.figures.items()}
    low, high = floor(log10(min(rates.values()))), ceil(log10(max(rates.values())))
    left, width, bar, gap = 190, 560, 11, 9
    step = bar * len(sizes) + gap
    bottom = 44 + step * len(shown)
    colours = ("#8da0cb", "#1f5fa8")

    def x(rate: float) -> float:
        return round(left + width * (log10(rate) - low) / max(high - low, 1), 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 70} {bottom + 34}" font-family="sans-serif" font-size="12">',
        "<title>Verdicts a second, each peer, logarithmic scale</title>",
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{left}" y="16">verdicts a second (logarithmic)</text>',
    ]
    for place, size in enumerate(sizes):
        out.append(f'<rect x="{left + 230 + 140 * place}" y="6" width="11" height="11" fill="{colours[place]}"/>')
        out.append(f'<text x="{left + 246 + 140 * place}" y="16">{size:,} branches</text>')
    for power in range(low, high + 1):
        out.append(f'<path d="M{x(10**power)} 30V{bottom}" stroke="#ccc"/><text x="{x(10**power)}" y="{bottom + 16}" text-anchor="middle">{10**power:,}</text>')
    for row, result in enumerate(shown):
        top = 36 + row * step
        out.append(f'<text x="{left - 8}" y="{top + step / 2}" text-anchor="end">{escape(result.name)}</text>')
        for place, size in enumerate(sizes):
            if (rate := rates.get((result.name, size))) is not None:
                out.append(f'<rect x="{left}" y="{top + place * bar}" width="{round(x(rate) - left, 1)}" height="{bar - 1}" fill="{colours[place]}"/>')
                out.append(f'<text x="{x(rate) + 4}" y="{top + place * bar + 9}" font-size="9">{_two(rate)}</text>')
    return "\n".join([*out, "</svg>", ""])
