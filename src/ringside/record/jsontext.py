"""JSON out: the same value always gives the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from typing import cast

DIGITS = 6


def to_json(value: object) -> str:
    """Return JSON text with floats rounded to six significant digits, keys in their order, and a final newline.

    Takes text, numbers, booleans, None, mappings, lists, tuples and dataclasses (as mappings of their fields).

    >>> to_json({"a": 1 / 3, "b": [1, None, 2.0]}).split()
    ['{', '"a":', '0.333333,', '"b":', '[', '1,', 'null,', '2.0', ']', '}']

    Raises:
        ValueError: For a number that is not finite.
        TypeError: For a value of another kind.
    """
    return json.dumps(_rounded(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _rounded(value: object) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError("a report holds only finite numbers")
        return float(f"{number:.{DIGITS}g}") + 0.0
    if isinstance(value, Mapping):
        return {str(k): _rounded(v) for k, v in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in cast("list[object]", value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _rounded(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"a report cannot hold a {type(value).__name__}")
