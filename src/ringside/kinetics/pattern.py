"""The fixed pattern in which the Jacobian of a network is factorised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Rows of L and U together: columns of row i are ``col[ptr[i]:ptr[i + 1]]``, sorted, in elimination order.

    ``place`` is where each state stands in that order, ``diagonal`` the slot of each row's diagonal.
    """

    ptr: IntArray
    col: IntArray
    diagonal: IntArray
    place: IntArray


def eliminate(n: int, entries: Iterable[tuple[int, int]]) -> Pattern:
    """Order ``n`` states for little fill-in (Markowitz' rule on the diagonal) and return the filled pattern."""
    return _eliminate(n, tuple(sorted(set(entries))))


@lru_cache(maxsize=64)
def _eliminate(n: int, entries: tuple[tuple[int, int], ...]) -> Pattern:
    rows: list[set[int]] = [{i} for i in range(n)]
    columns: list[set[int]] = [{i} for i in range(n)]
    for i, j in entries:
        rows[i].add(j)
        columns[j].add(i)
    left = set(range(n))
    order: list[int] = []
    filled = [set(r) for r in rows]
    while left:
        pivot = min(left, key=lambda i: ((len(rows[i]) - 1) * (len(columns[i]) - 1), i))
        left.remove(pivot)
        order.append(pivot)
        below = columns[pivot] - {pivot}
        right = rows[pivot] - {pivot}
        for i in below:
            rows[i].discard(pivot)
            rows[i] |= right
            filled[i] |= right
        for j in right:
            columns[j].discard(pivot)
            columns[j] |= below
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    ptr, col, diagonal = [0], list[int](), list[int]()
    for step, state in enumerate(order):
        placed = sorted(int(place[j]) for j in filled[state])
        diagonal.append(len(col) + placed.index(step))
        col.extend(placed)
        ptr.append(len(col))
    return Pattern(np.array(ptr), np.array(col), np.array(diagonal), place)


def slots(pattern: Pattern) -> dict[tuple[int, int], int]:
    """Return the slot of each (row, column) of places."""
    found: dict[tuple[int, int], int] = {}
    for i in range(len(pattern.diagonal)):
        for s in range(int(pattern.ptr[i]), int(pattern.ptr[i + 1])):
            found[i, int(pattern.col[s])] = s
    return found
