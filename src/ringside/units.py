"""Unit aliases, and quantities between text and number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

MolAmount: TypeAlias = float
Litre: TypeAlias = float
Second: TypeAlias = float
Kelvin: TypeAlias = float
Gram: TypeAlias = float
Mz: TypeAlias = float


@dataclass(frozen=True, slots=True)
class Span:
    """A quantity known exactly (``low == high``) or to a range."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Say whether the range is a point."""
        return self.low == self.high

    @property
    def mid(self) -> float:
        """Return the geometric middle where both ends are positive, else the arithmetic one."""
        return self.at(0.5)

    def at(self, u: float) -> float:
        """Return the value at quantile ``u`` in [0, 1]: log-uniform where both ends are positive, else uniform.

        >>> Span(1.0, 100.0).at(0.5)
        10.0
        """
        if self.exact:
            return self.low
        if self.low > 0:
            return math.exp(math.log(self.low) * (1 - u) + math.log(self.high) * u)
        return self.low * (1 - u) + self.high * u


EXACT_ZERO = Span(0.0, 0.0)
EXACT_ONE = Span(1.0, 1.0)
