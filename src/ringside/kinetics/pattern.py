"""The fixed pattern in which the Jacobian of a network is factorised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush

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
    fill = [(len(rows[i]) - 1) * (len(columns[i]) - 1) for i in range(n)]
    queue = [(fill[i], i) for i in range(n)]
    heapify(queue)
    while left:
        least, pivot = heappop(queue)
        if pivot not in left or least != fill[pivot]:
            continue
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
        for i in below | right:
            now = (len(rows[i]) - 1) * (len(columns[i]) - 1)
            if now != fill[i]:
                fill[i] = now
                heappush(queue, (now, i))
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    ptr, col, diagonal = [0], list[int](), list[int]()
    for step, state in enumerate(order):
        placed = sorted(int(place[j]) for j in filled[state])
        diagonal.append(len(col) + placed.index(step))
        col.extend(placed)
        ptr.append(len(col))
    return Pattern(np.array(ptr), np.array(col), np.array(diagonal), place)


def slots(pattern: Pattern, row: IntArray, column: IntArray) -> IntArray:
    """Return the slot of each entry; rows and columns are states, not places."""
    n = len(pattern.diagonal)
    filled = np.repeat(np.arange(n), np.diff(pattern.ptr)) * n + pattern.col
    return np.searchsorted(filled, pattern.place[row] * n + pattern.place[column])
