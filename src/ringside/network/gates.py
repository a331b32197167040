"""Whether a rule belongs to a recipe at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ringside.network.nouns import Gate, Rule


def holds(gate: Gate, features: Collection[str]) -> bool:
    """Say whether a gate is open for a recipe.

    Args:
        gate: At least one feature of ``any_of`` must be there (none is asked for when it is empty), and none of
            ``none_of``.
        features: Features of the recipe, such as ``has:aldehyde``, ``role:base``, ``solvent-class:protic``.

    >>> holds(Gate(any_of=("has:aldehyde",), none_of=("element:Pd",)), {"has:aldehyde"})
    True
    """
    wanted = not gate.any_of or any(f in features for f in gate.any_of)
    return wanted and not any(f in features for f in gate.none_of)


def open_rules(
    rules: Iterable[Rule], features: Collection[str]
) -> tuple[tuple[Rule, ...], tuple[tuple[str, str], ...]]:
    """Return the rules that apply to a recipe, sorted by id, and what was left out with the reason.

    Retired rules never apply and are not mentioned.
    """
    alive = sorted((rule for rule in rules if rule.status != "retired"), key=lambda rule: rule.id)
    opened = tuple(rule for rule in alive if holds(rule.gate, features))
    shut = len(alive) - len(opened)
    left = ((f"{shut} rules", "the recipe lacks what they need, or has what forbids them"),) if shut else ()
    return opened, left
