"""What a recipe has, in words that gates and cards use."""

from __future__ import annotations

from ringside.chem.features import FeatureTable, features_of
from ringside.chem.molecule import components, elements
from ringside.recipe.catalogue import Catalogue
from ringside.recipe.materials import form_parts
from ringside.recipe.nouns import Recipe

STRONG_ACID = "strong-acid"
CATALYTIC_METALS = ("Pd", "Cu", "Ni", "Ru", "Ir", "Rh", "Pt", "Fe", "Co", "Zn")


def recipe_features(recipe: Recipe, catalogue: Catalogue, table: FeatureTable) -> frozenset[str]:
    """Return features of a recipe.

    ``has:<feature>`` of any charge that is not a solvent, ``solvent-has:<feature>``, ``role:<role>``, ``solvent:<name>``,
    ``solvent-class:<class>``, ``element:<metal>``, ``material:<name>`` and ``atmosphere:<gas>``.
    """
    found = {f"atmosphere:{recipe.atmosphere}"}
    for charge in recipe.charges:
        named = catalogue.get(charge.name)
        smiles = charge.smiles or (named.smiles if named else None)
        parts = components(smiles) if smiles else ()
        reagent = named or catalogue.by_structure.get(parts)
        found.add(f"role:{charge.role}")
        found.add(f"material:{reagent.name if reagent else charge.name}")
        if charge.role == "solvent" and reagent is not None:
            found |= {f"solvent:{reagent.name}", f"solvent-class:{reagent.solvent_class}"}
        if charge.solution is not None:
            carrier = catalogue.get(charge.solution.solvent)
            if carrier is not None:
                found |= {f"solvent:{carrier.name}", f"solvent-class:{carrier.solvent_class}"}
        found |= _metals(charge.name, smiles) | (_metals(reagent.name, smiles) if reagent else set())
        parts += form_parts(charge.form) if charge.form is not None else ()
        prefix = "solvent-has" if charge.role == "solvent" else "has"
        own = {f for part in parts for f in features_of(part, table)}
        if any("N" in elements(part) and STRONG_ACID not in features_of(part, table) for part in parts):
            own.discard(STRONG_ACID)  # the acid of an amine salt is spent: it is no stronger than the ammonium ion
        found |= {f"{prefix}:{f}" for f in own}
    return frozenset(found)


def _metals(name: str, smiles: str | None) -> set[str]:
    held = elements(smiles) if smiles else frozenset[str]()
    words = name.casefold()
    named = {
        m
        for m, long in zip(
            CATALYTIC_METALS,
            ("palladium", "copper", "nickel", "ruthenium", "iridium", "rhodium", "platinum", "iron", "cobalt", "zinc"),
            strict=True,
        )
        if long in words or name.startswith((f"{m}(", f"{m}/", f"{m}2"))
    }
    return {f"element:{m}" for m in CATALYTIC_METALS if m in held or m in named}
