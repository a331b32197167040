"""The real toolbox: the simulation with what the lower layers know about structures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ringside.case.nouns import Case, Patch
from ringside.chem.features import FeatureTable, features_of
from ringside.chem.molecule import canonical, components, is_valid
from ringside.diagnosis.world import Run, Toolbox, Without, memoised
from ringside.network.apply import apply
from ringside.network.nouns import Rule
from ringside.recipe.nouns import Flask, Recipe

_BOC = "carbamate-boc"


def toolbox(
    run: Run,
    *,
    without: Without,
    patch: Callable[[Case, Sequence[Patch]], Case],
    structure: Callable[[str], str | None],
    flask: Callable[[Case], Flask],
    table: FeatureTable,
    boc: tuple[Rule, str] | None = None,
) -> Toolbox:
    """Build the toolbox that diagnosis and remedies work with.

    Args:
        run: Simulate a case with so many draws; each case file is simulated once.
        without: The same with a channel switched off.
        patch: ``case.read.patch_case``.
        structure: SMILES of a reagent by name, None for materials without one.
        flask: The recipe of a case made concrete, every range at its middle.
        table: Features.
        boc: The rule that puts a Boc group on an amine, and the reagent's SMILES; without it nothing is protected.

    Returns:
        The toolbox.
    """

    def smiles_of(case: Case, name: str) -> str | None:
        charge = next((c for c in case.recipe.charges if c.name == name), None)
        return charge.smiles if charge is not None and charge.smiles is not None else structure(name)

    def features(smiles: str) -> frozenset[str]:
        return frozenset(f for part in components(smiles) for f in features_of(part, table))

    def protect(amine: str) -> str | None:
        return mono_boc(amine, boc[0], boc[1], table) if boc is not None else None

    return Toolbox(
        run=memoised(run),
        patch=patch,
        features=features,
        smiles_of=smiles_of,
        equivalents=lambda case: equivalents(case.recipe, flask(case)),
        canonical=_one_structure,
        protect=protect,
        without=without,
    )


def _one_structure(text: str) -> str | None:
    parts = components(text) if is_valid(text) else ()
    return parts[0] if len(parts) == 1 else None


def equivalents(recipe: Recipe, flask: Flask) -> Mapping[str, float]:
    """Return equivalents of every charge that is not a solvent, by name.

    A charge written in equivalents has those; of any other the largest dose counts (salts are split into ions, and
    impurities are doses of their own).
    """
    found: dict[str, float] = {}
    for charge in recipe.charges:
        if charge.role == "solvent":
            continue
        if charge.amount.kind == "equiv" and charge.amount.value is not None:
            found[charge.name] = charge.amount.value.mid
            continue
        doses = [d.mol for d in flask.doses if d.name == charge.name and d.smiles is not None]
        if doses and flask.limiting > 0:
            found[charge.name] = max(doses) / flask.limiting
    return found


def mono_boc(amine: str, rule: Rule, reagent: str, table: FeatureTable) -> str | None:
    """Return the amine with one Boc group, or None where there is none or more than one way to put it on."""
    found = {
        product
        for reactants in ((canonical(amine), reagent), (reagent, canonical(amine)))
        for reaction in apply(rule, reactants)
        for product in reaction.products
        if product != reagent and _BOC in features_of(product, table)
    }
    return found.pop() if len(found) == 1 else None
