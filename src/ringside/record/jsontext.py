"""JSON out: the same value always gives the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import cast

DIGITS = 6


def to_json(value: object) -> str:
    """Return JSON text with floats rounded to six significant digits, keys in their order, and a final newline.

    >>> to_json({"a": 1 / 3, "b": [1, None, 2.0]}).split()
    ['{', '"a":', '0.333333,', '"b":', '[', '1,', 'null,', '2.0', ']', '}']

    Raises:
        ValueError: For a number that is not finite.
    """
    return json.dumps(_rounded(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _rounded(value: object) -> object:
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a report holds only finite numbers")
        return float(f"{value:.{DIGITS}g}") + 0.0
    if isinstance(value, Mapping):
        return {str(k): _rounded(v) for k, v in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in cast("list[object]", value)]
    return str(value)
