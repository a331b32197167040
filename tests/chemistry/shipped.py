"""The shipped rules, grown without amounts: what can form at all."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ringside.chem.molecule import canonical
from ringside.network.grow import Caps, grow
from ringside.network.nouns import Network, Rule
from ringside.network.rule import apply, read_rule
from ringside.record.toml import read_toml

RULES = Path(__file__).parents[2] / "src" / "ringside" / "knowledge" / "rules"


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(read_rule(read_toml(path), file=path.name) for path in sorted(RULES.glob("*.toml")))


def rule(name: str) -> Rule:
    return next(r for r in rules() if r.id == name)


@cache
def flask(*seeds: str, features: tuple[str, ...] = (), generations: int = 3) -> Network:
    return grow(seeds, rules(), features=frozenset(features), caps=Caps(max_generations=generations, max_species=300))


def forms(network: Network, smiles: str) -> bool:
    return canonical(smiles) in network.species


def gives(name: str, *reactants: str) -> set[str]:
    found: Iterable[tuple[str, ...]] = (r.products for r in apply(rule(name), reactants) if r.reverse_of is None)
    return {product for products in found for product in products}
