"""Citations for a person, and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ringside.answers.cite import Citation, Cited

ENTRY = {"book": "book", "dataset": "misc", "paper": "misc", "standard": "misc", "seed": "misc"}
_AUTHOR = re.compile(r"(?:[A-Z]\.[ -]?)+\s?(?:(?:van|von|de|der|den|du|la|le|di|da) )*[A-Z][\w'’-]+(?: et al\.)?$")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_SPECIAL = re.compile(r"[&%$#_{}]")


def print_citation(found: Citation, console: Console) -> None:
    """Write a citation to a terminal: a list of all sources, or one source or card in full."""
    console.print()
    console.print(Text(found.title, style="bold"))
    if found.of == "ringside":
        console.print(Text(f"{found.text}\nknowledge hash {found.knowledge}"))
        console.print(Text(f"{len(found.sources)} sources; ringside cite KEY says what rests on one of them.\n"))
        for s in found.sources:
            console.print(Text.assemble((s.key, "bold"), f"  {_line(s)}"))
            console.print(Padding(Text(_weight(s), style="dim"), (0, 0, 0, 3)))
    else:
        if found.of == "card":
            console.print(Text(f"cite as: {found.text}"))
        for s in found.sources:
            console.print()
            for line in _in_full(s):
                console.print(line)
    console.print()


def _line(s: Cited) -> str:
    return " ".join(filter(None, (s.citation or s.kind, s.link or s.identifier)))


def _weight(s: Cited) -> str:
    rows = sum(t.rows for t in s.tables)
    read = f"; read: {s.read_as}" if s.read_as else ""
    return f"{len(s.cards)} cards, {rows} rows of {len(s.tables)} tables{read}"


def _in_full(s: Cited) -> Iterator[Text]:
    facts = (
        ("source", s.key),
        ("citation", s.citation),
        ("at", s.link or s.identifier),
        ("where in it", s.where),
        ("kind", s.kind),
        ("licence", s.licence),
        ("how it was read", s.read_as),
        (f"cards that rest on it ({len(s.cards)})", ", ".join(s.cards) or "none"),
        (f"rows that rest on it ({sum(t.rows for t in s.tables)})", _rows(s) or "none"),
    )
    return (Text.assemble((f"{word}: ", "bold"), text) for word, text in facts if text)


def _rows(s: Cited) -> str:
    return ", ".join(f"{t.table} ({t.rows})" for t in s.tables)


def to_bibtex(found: Citation) -> str:
    """Return BibTeX: Ringside itself unless one source was asked for, then the sources; judgement is no publication."""
    entries = [_bib(s) for s in found.sources if s.kind in ENTRY]
    if found.of != "source":
        note = f"knowledge base {found.knowledge[:12]}; {found.licence}"
        entries.insert(
            0, _entry("software", "ringside", [("title", "{Ringside}"), ("version", found.version), ("note", note)])
        )
    return "\n".join(entries)


def _bib(s: Cited) -> str:
    authors, title = _split(s.citation)
    years = _YEAR.findall(title)
    fields = [("author", " and ".join(_escaped(a) for a in authors)), ("title", f"{{{_escaped(title)}}}")]
    fields.append(("year", years[0] if years else ""))
    if s.identifier.startswith("10."):
        fields.append(("doi", s.identifier))
    elif s.link:
        fields.append(("url", s.link))
    elif s.identifier.startswith("ISBN"):
        fields.append(("isbn", s.identifier.removeprefix("ISBN").strip()))
    where = f"; {_escaped(s.where)}" if s.where else ""
    fields.append(("note", f"read by Ringside: {s.read_as}{where}" if s.read_as else ""))
    return _entry(ENTRY[s.kind], s.key, fields)


def _split(citation: str) -> tuple[list[str], str]:
    """Return the authors that a citation starts with, and the rest of it."""
    parts = citation.split(", ")
    names: list[str] = []
    while parts and _AUTHOR.match(parts[0]):
        name = parts.pop(0)
        names += [name.removesuffix(" et al."), *(["others"] if name.endswith(" et al.") else [])]
    return (names, ", ".join(parts)) if parts else ([], citation)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda m: "\\" + m.group(), text)


def _entry(kind: str, key: str, fields: list[tuple[str, str]]) -> str:
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@{kind}{{{key},\n{body}\n}}\n"
