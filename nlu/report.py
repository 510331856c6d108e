"""One self-contained page on how well sentences are understood: scores, confusions, calibration, what was wrong."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from nlu.evaluation import GOALS, Sentence, figures, mistakes, reached

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--quiet:#5d6878;--paper:#f6f7f9;--card:#fff;--line:#dde2e9;--main:#1d6fd6;--bad:#c2352b;--ok:#1b7f4b;--heat:29,111,214;--miss:194,53,43}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--quiet:#98a3b3;--paper:#12161c;--card:#1a2029;--line:#2c3542;--main:#62a5ff;--bad:#ff8379;--ok:#5fd093;--heat:98,165,255;--miss:255,120,110}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.2rem}h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.1rem;margin:0 0 .7rem}
.quiet{color:var(--quiet)}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem;margin:1rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.28rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}.ok{color:var(--ok);font-weight:600}.bad{color:var(--bad);font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr));gap:.7rem}.cards div{border:1px solid var(--line);border-radius:8px;padding:.6rem .7rem}.cards b{display:block;font-size:1.45rem;line-height:1.25}.cards small{color:var(--quiet)}
.heat td,.heat th{padding:0;border:0}.heat td{width:1.7rem;min-width:1.7rem;height:1.5rem;text-align:center;font-size:11px}.heat td:first-child{width:auto;min-width:0;padding-right:.5rem;font-size:12px;text-align:left;position:sticky;left:0;background:var(--card)}
.heat th{vertical-align:bottom;font-weight:400;font-size:12px}.heat th span{writing-mode:vertical-rl;transform:rotate(180deg);padding:.2rem 0}
svg{width:100%;max-width:26rem;height:auto}svg text{fill:var(--quiet);font-size:11px}ol{padding-left:1.6rem;margin:0}ol li{padding:.35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}ol small{display:block;color:var(--bad)}
"""


def page(name: str, gold: Sequence[Sentence], found: Sequence[Sentence]) -> str:
    """The whole page; ``name`` is the test set's."""
    wrong = [line.rpartition("  ←  ") for line in mistakes(gold, found)]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>NLU · {escape(name)}</title><style>{_STYLE}</style></head><body><main>
<h1>NLU · {escape(name)}</h1><p class="quiet">{len(gold)} sentences · {len(gold) - len(wrong)} understood in every respect</p>
<section><h2>Figures and goals</h2><div class="cards">{_cards(figures(gold, found))}</div></section>
<section><h2>Intents</h2><div class="wide">{_scores(gold, found)}</div></section>
<section><h2>Confusions</h2><p class="quiet">Row: what was meant. Column: what was understood.</p><div class="wide">{_heat(gold, found)}</div></section>
<section><h2>Calibration</h2><p class="quiet">Of the answers given with a confidence, the share that was right; the size of a dot is how many there were.</p>{_curve(gold, found)}</section>
<section><h2>Not understood in every respect ({len(wrong)})</h2><ol>{"".join(_wrong(text, what) for text, _, what in wrong)}</ol></section>
</main></body></html>
"""


def _cards(measured: dict[str, float]) -> str:
    def card(name: str, value: float) -> str:
        goal = GOALS[name]
        tone = "" if not goal else "ok" if reached(name, value) else "bad"
        told = f"goal {goal.replace('>=', '≥').replace('<=', '≤')}" if goal else "no goal of its own"
        return (
            f'<div><small>{escape(name)}</small><b class="{tone}">{value:.3f}</b><small>{told}</small></div>'
        )

    return "".join(card(name, value) for name, value in measured.items())


def _scores(gold: Sequence[Sentence], found: Sequence[Sentence]) -> str:
    true = Counter(g["intent"] for g in gold)
    said = Counter(f["intent"] for f in found)
    right = Counter(g["intent"] for g, f in zip(gold, found, strict=True) if g["intent"] == f["intent"])
    rows = []
    for intent in sorted(true, key=lambda i: 2 * right[i] / (true[i] + said[i])):
        precision, recall = right[intent] / max(said[intent], 1), right[intent] / true[intent]
        f1 = 2 * right[intent] / (true[intent] + said[intent])
        tone = "bad" if f1 < 0.9 else ""
        cells = f"<td>{true[intent]}</td><td>{precision:.3f}</td><td>{recall:.3f}</td>"
        rows.append(f'<tr><td>{intent}</td><td class="{tone}">{f1:.3f}</td>{cells}</tr>')
    head = "<tr><th>intent</th><th>F1</th><th>sentences</th><th>precision</th><th>recall</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _heat(gold: Sequence[Sentence], found: Sequence[Sentence]) -> str:
    pairs = Counter((g["intent"], f["intent"]) for g, f in zip(gold, found, strict=True))
    names = sorted({name for pair in pairs for name in pair})
    total = Counter(g["intent"] for g in gold)

    def cell(row: str, column: str) -> str:
        count = pairs[row, column]
        if not count:
            return "<td></td>"
        colour = "--heat" if row == column else "--miss"
        strength = 0.12 + 0.6 * (count / total[row]) if row == column else 0.2 + 0.8 * count / total[row]
        title = f"{row} → {column}: {count}"
        return f'<td style="background:rgba(var({colour}),{strength:.2f})" title="{title}">{count}</td>'

    head = "<tr><th></th>" + "".join(f"<th><span>{name}</span></th>" for name in names) + "</tr>"
    rows = (f"<tr><td>{row}</td>{''.join(cell(row, column) for column in names)}</tr>" for row in names)
    return f'<table class="heat">{head}{"".join(rows)}</table>'


def _curve(gold: Sequence[Sentence], found: Sequence[Sentence], bins: int = 10) -> str:
    """Confidence across, share right upwards; the straight line is an honest model."""
    inside: dict[int, list[tuple[float, bool]]] = {}
    for g, f in zip(gold, found, strict=True):
        place = min(int(f["confidence"] * bins), bins - 1)
        inside.setdefault(place, []).append((f["confidence"], g["intent"] == f["intent"]))
    points = []
    for place in sorted(inside):
        answers = inside[place]
        sure, right = (sum(a[i] for a in answers) / len(answers) for i in (0, 1))
        points.append(
            (40 + 340 * sure, 330 - 310 * right, 3 + 9 * (len(answers) / len(gold)) ** 0.5, len(answers))
        )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="var(--main)"><title>{n}</title></circle>'
        for x, y, r, n in points
    )
    ticks = "".join(
        f'<text x="{40 + 340 * t}" y="346" text-anchor="middle">{t}</text>'
        f'<text x="34" y="{334 - 310 * t}" text-anchor="end">{t}</text>'
        f'<line x1="40" x2="380" y1="{330 - 310 * t}" y2="{330 - 310 * t}" stroke="var(--line)"/>'
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg viewBox="0 0 400 366" role="img" aria-label="calibration curve">{ticks}'
        '<line x1="40" y1="330" x2="380" y2="20" stroke="var(--quiet)" stroke-dasharray="4 4"/>'
        f'<polyline points="{line}" fill="none" stroke="var(--main)" stroke-width="2"/>{dots}'
        '<text x="210" y="362" text-anchor="middle">confidence</text></svg>'
    )


def _wrong(text: str, what: str) -> str:
    return f"<li>{escape(text)}<small>{escape(what)}</small></li>"
