"""A card of the knowledge base for a person."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ringside.answers.explain import Explained, Shown
from ringside.chem.drawing import draw_mapped_svg, draw_svg
from ringside.render.page import page


def print_card(card: Explained, console: Console) -> None:
    """Write a card to a terminal."""
    console.print()
    console.print(Text(card.title, style="bold"))
    console.print(Text(f"{card.kind} {card.id}, {card.status}", style="dim"))
    console.print(Text(card.claims))
    console.print(Text(f"Wrong when: {card.wrong_when}", style="yellow"))
    for word, text in card.facts:
        console.print(Text.assemble((f"{word}: ", "bold"), text))
    for line in _examples(card):
        console.print(line)
    for citation, where in card.sources:
        console.print(Text(f"source: {citation}{f'; {where}' if where else ''}", style="dim"))
    console.print()


def _examples(card: Explained) -> Iterator[Text | Padding]:
    for heading, shown in (("reacts", card.examples), ("does not react", card.counter_examples)):
        for e in shown:
            arrow = "->" if heading == "reacts" else "-/->"
            yield Text(heading, style="bold")
            yield Padding(Text(f"{' + '.join(e.reactants)} {arrow} {e.product}  [{e.source}]"), (0, 0, 0, 3))


def card_html(card: Explained) -> str:
    """Return a card as one self-contained page, its examples drawn with numbered atoms."""
    facts = "".join(f"<tr><th>{escape(word)}</th><td>{escape(text)}</td></tr>" for word, text in card.facts)
    drawn = "".join(_drawn(e) for e in card.examples)
    not_drawn = "".join(_drawn(e) for e in card.counter_examples)
    sources = "".join(f"<li>{escape(c)}{f'; {escape(w)}' if w else ''}</li>" for c, w in card.sources)
    body = (
        f"<header><div class='kind'>Ringside · {escape(card.kind)} {escape(card.id)} · {escape(card.status)}</div>"
        f"<h1>{escape(card.title)}</h1></header><p class='verdict'>{escape(card.claims)}</p>"
        f"<p><b>Wrong when:</b> {escape(card.wrong_when)}</p><table class='facts'>{facts}</table>"
        + (f"<h2>Reacts</h2>{drawn}" if drawn else "")
        + (f"<h2>Looks alike and does not react</h2>{not_drawn}" if not_drawn else "")
        + f"<h2>Sources</h2><ul class='plain small'>{sources}</ul>"
    )
    return page(card.title, body)


def _drawn(e: Shown) -> str:
    if e.mapped is None:
        left, right, sign = [draw_svg(s) for s in e.reactants], [draw_svg(e.product)], "⟶ ✕"
    else:
        centre = e.mapped.centre
        left = [draw_mapped_svg(s, centre) for s in e.mapped.reactants]
        right = [draw_mapped_svg(s, centre) for s in e.mapped.products]
        sign = "⟶"
    plus = '<span class="sign">+</span>'
    sides = [plus.join(f"<figure>{svg}</figure>" for svg in side) for side in (left, right)]
    return f"<div class='scheme'>{sides[0]}<b>{sign}</b>{sides[1]}</div><p class='small'>{escape(e.source)}</p>"
