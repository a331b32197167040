"""Whether a rule belongs to a recipe at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ringside.network.nouns import Gate, Rule


def holds(gate: Gate, features: Collection[str]) -> bool:
    """Say whether a gate is open for a recipe.

    Args:
        gate: At least one feature of ``any_of`` must be there (none is asked for when it is empty), all of ``all_of``,
            and none of ``none_of``.
        features: Features of the recipe, such as ``has:aldehyde``, ``role:base``, ``solvent-class:protic``.

    >>> holds(Gate(any_of=("has:aldehyde",), none_of=("element:Pd",)), {"has:aldehyde"})
    True
    """
    wanted = not gate.any_of or any(f in features for f in gate.any_of)
    return wanted and all(f in features for f in gate.all_of) and not any(f in features for f in gate.none_of)


def open_rules(rules: Iterable[Rule], features: Collection[str]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules that apply to a recipe and those whose gate is shut, each sorted by id.

    Retired rules are in neither.
    """
    alive = sorted((rule for rule in rules if rule.status != "retired"), key=lambda rule: rule.id)
    opened = tuple(rule for rule in alive if holds(rule.gate, features))
    return opened, tuple(rule for rule in alive if not holds(rule.gate, features))


def because(gate: Gate, features: Collection[str]) -> str:
    """Say in words why a gate is shut for a recipe: as its card puts it, or from the features it names.

    >>> because(Gate(all_of=("element:Pd",)), set())
    'needs element:Pd'
    """
    if gate.because:
        return gate.because
    lacking = [f for f in gate.all_of if f not in features]
    if gate.any_of and not any(f in features for f in gate.any_of):
        lacking.append(" or ".join(gate.any_of))
    found = [f for f in gate.none_of if f in features]
    parts = [f"needs {' and '.join(lacking)}"] if lacking else []
    return "; ".join([*parts, *([f"does not run beside {', '.join(found)}"] if found else [])])
