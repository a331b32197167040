"""The blocks that an OpenLynx report (.rpt) is written in: [NAME], then its lines in braces."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ringside.kinetics.nouns import FloatArray

_PAIR = re.compile(r"^\s*(-?[\d.]+(?:[eE][-+]?\d+)?)\s+(-?[\d.]+(?:[eE][-+]?\d+)?)\s*$")
_PLAIN = re.compile(r"\s*-?[\d.]")
DEEPEST = 20
LARGEST_NUMBER = 1e15
_MARK = re.compile(r"^(\[.*\]|\{|\})[ \t]*$", re.MULTILINE)


@dataclass(slots=True)
class Block:
    """One [NAME] { ... } block: its own lines, the blocks inside, and whether its closing brace was there."""

    name: str
    lines: list[str] = field(default_factory=list[str])
    inner: list[Block] = field(default_factory=list["Block"])
    closed: bool = False

    def value(self, key: str) -> str:
        """Return the value of a tab-separated field, empty where there is none."""
        for line in self.lines:
            head, _, tail = line.partition("\t")
            if head.strip() == key:
                return tail.strip()
        return ""

    def walk(self, name: str) -> Iterator[Block]:
        """Yield all blocks of a name inside this one, at any depth."""
        for block in self.inner:
            if block.name == name:
                yield block
            yield from block.walk(name)

    def pairs(self) -> list[tuple[float, float]]:
        """Return the lines that hold two numbers."""
        flat = _flat("\n".join(self.lines))
        if len(flat) == 2 * len(self.lines):
            return list(zip(flat[::2].tolist(), flat[1::2].tolist(), strict=True))
        found = [(number(m[1]), number(m[2])) for m in map(_PAIR.match, self.lines) if m]
        return [(x, y) for x, y in found if math.isfinite(x) and math.isfinite(y)]


def blocks(text: str) -> list[Block]:
    """Return the outermost blocks of a text; one that is cut short is not closed."""
    root = Block("")
    stack = [root]
    pending: Block | None = None
    at = 0
    for mark in _MARK.finditer(text):
        _add(stack[-1], text[at : mark.start()])
        line, at = mark[1], mark.end() + 1
        if line.startswith("["):
            pending = Block(line[1:-1])
        elif line == "{" and pending is not None and len(stack) < DEEPEST:
            stack[-1].inner.append(pending)
            stack.append(pending)
            pending = None
        elif line == "}" and len(stack) > 1:
            stack.pop().closed = True
        else:
            stack[-1].lines.append(line)
    _add(stack[-1], text[at:])
    return root.inner


def number(text: str) -> float:
    """Return a number, nan where the text is empty, no number or absurdly large."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if abs(value) < LARGEST_NUMBER else math.nan


def _add(block: Block, text: str) -> None:
    block.lines += map(str.rstrip, text.splitlines())


def _flat(text: str) -> FloatArray:
    """Return all numbers of a text that holds nothing but finite numbers, else none."""
    if not _PLAIN.match(text):
        return np.zeros(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = np.fromstring(text, sep=" ")
        except (DeprecationWarning, ValueError):
            return np.zeros(0)
    return found if bool(np.all(np.abs(found) < LARGEST_NUMBER)) else np.zeros(0)
