"""A charge with what is known of it: structure, salt form, molar mass, density."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ringside.chem.mass import average_mass, charge, heavy_atoms
from ringside.chem.molecule import components, elements
from ringside.errors import bad_input
from ringside.recipe.catalogue import Catalogue, Reagent
from ringside.recipe.nouns import Caution, Charge

FREE_FORMS = frozenset(
    ("free", "freebase", "freeamine", "anhydrous", "powder", "oil", "solid", "liquid", "crystals", "pellets", "neat")
)
FORM_PARTS: Mapping[str, str] = {
    **dict.fromkeys(("hydrochloride", "hcl"), "Cl"),
    **dict.fromkeys(("hydrobromide", "hbr"), "Br"),
    **dict.fromkeys(("hydroiodide", "hi"), "I"),
    **dict.fromkeys(("trifluoroacetate", "tfa"), "O=C(O)C(F)(F)F"),
    **dict.fromkeys(("acetate", "acoh"), "CC(=O)O"),
    **dict.fromkeys(("mesylate", "methanesulfonate", "msoh"), "CS(=O)(=O)O"),
    **dict.fromkeys(("tosylate", "tsoh"), "Cc1ccc(S(=O)(=O)O)cc1"),
    **dict.fromkeys(("sulfate", "h2so4"), "O=S(=O)(O)O"),
    **dict.fromkeys(("oxalate",), "O=C(O)C(=O)O"),
    **dict.fromkeys(("hydrate", "h2o"), "O"),
}
COUNTS: Mapping[str, int] = {
    **{"": 1, "mono": 1, "di": 2, "bis": 2, "tri": 3, "tris": 3, "tetra": 4, "penta": 5, "hexa": 6},
    **{str(n): n for n in range(1, 13)},
}
FORM_LIMIT = '"2HCl salt", "hydrochloride", "HBr salt", "monohydrate", "TFA salt", "free base"'
_LONGEST_FIRST = sorted(FORM_PARTS, key=lambda w: (-len(w), w))
_FORM = re.compile(f"({'|'.join(sorted(filter(None, COUNTS), key=len, reverse=True))})?x?({'|'.join(_LONGEST_FIRST)})")


@dataclass(frozen=True, slots=True)
class Material:
    """A charge with what is known of it.

    ``parts`` are all components of one formula unit, salt form included, ``main`` the one that the moles are counted
    by; both empty for a material without a structure. ``molar_mass`` [g/mol], ``density`` [g/mL].
    """

    charge: Charge
    reagent: Reagent | None
    parts: tuple[str, ...]
    main: str
    molar_mass: float | None
    density: float | None
    solid: bool
    warnings: tuple[Caution, ...] = ()


def material(c: Charge, catalogue: Catalogue, *, file: str = "") -> Material:
    """Return what is known of a charge: by its SMILES if it has one, else by its name.

    Raises:
        BadInput: For a name that the catalogue does not know and that has no SMILES, a bad SMILES or an unknown form.
    """
    field = f"charge[{c.name}]"
    reagent = catalogue.get(c.name)
    warnings: tuple[Caution, ...] = ()
    if c.smiles is None:
        reagent = reagent or catalogue.find(c.name, file=file, field=f"{field}.name")
        base = components(reagent.smiles) if reagent.smiles else ()
    else:
        base = components(c.smiles, file=file, field=f"{field}.smiles")
        if reagent is not None and reagent.smiles and Counter(components(reagent.smiles)) - Counter(base):
            warnings = (_other_structure(c, reagent),)
            reagent = None
        reagent = reagent or catalogue.by_structure.get(base)
    added = form_parts(c.form, file=file, field=f"{field}.form") if c.form is not None else ()
    parts = tuple(sorted((*base, *added)))
    mass = sum(average_mass(p) for p in parts) if parts else (reagent.molar_mass if reagent else None)
    same = reagent is not None and (not reagent.smiles or components(reagent.smiles) == parts)
    return Material(
        charge=c,
        reagent=reagent,
        parts=parts,
        main=_main(base, c, catalogue),
        molar_mass=mass,
        density=reagent.density if reagent is not None and same else None,
        solid=c.solution is None and reagent is not None and (reagent.phase == "solid" or not same),
        warnings=warnings,
    )


def _other_structure(c: Charge, reagent: Reagent) -> Caution:
    return Caution(
        "name-structure",
        "caution",
        f"The catalogue knows {c.name} as {reagent.smiles}, another structure than the SMILES given: the SMILES counts.",
        f"charge[{c.name}].smiles",
    )


def _main(parts: tuple[str, ...], c: Charge, catalogue: Catalogue) -> str:
    """Return the component that the moles are counted by: of a substrate the organic one, else the one there is least of."""

    def rank(p: str) -> tuple[bool, bool, int, bool, bool, float, str]:
        known = catalogue.by_structure.get((p,))
        organic = "C" in elements(p)
        return (
            c.role == "substrate" and organic,
            known is None or known.kind != "acid",
            -parts.count(p),
            organic,
            charge(p) <= 0 or heavy_atoms(p) > 1,
            average_mass(p),
            p,
        )

    return max(parts, key=rank, default="")


def form_parts(form: str, *, file: str = "", field: str = "") -> tuple[str, ...]:
    """Return the acids and waters of a salt form or hydrate.

    >>> form_parts("2HCl salt"), form_parts("dihydrochloride monohydrate"), form_parts("free base")
    (('Cl', 'Cl'), ('Cl', 'Cl', 'O'), ())

    Raises:
        BadInput: For a form that is not known.
    """
    text = re.sub(r"salt|[\s.,()·*×-]", "", form.casefold())
    if text in FREE_FORMS:
        return ()
    found = list(_FORM.finditer(text))
    if not text or "".join(m[0] for m in found) != text:
        raise bad_input(
            "unknown-form",
            "this form is not known",
            file=file,
            field=field,
            value=form,
            limit=FORM_LIMIT,
            next_step="give the whole salt as smiles, a strength as purity, or a solution as solution",
        )
    return tuple(part for m in found for part in (FORM_PARTS[m[2]],) * COUNTS[m[1] or ""])
