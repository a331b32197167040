"""A commented case file from a reaction SMILES."""

from __future__ import annotations

from collections.abc import Mapping

from ringside.chem.features import FeatureTable, features_of
from ringside.chem.mass import formula
from ringside.chem.molecule import canonical, components
from ringside.errors import bad_input
from ringside.recipe.catalogue import Catalogue, Reagent

HYDRIDE, BASES = "hydride", ("tertiary-amine",)


def new_case(text: str, catalogue: Catalogue, table: FeatureTable) -> str:
    """Return a case file to fill in.

    Args:
        text: Reaction SMILES ``reactants>agents>products``; agents may be empty.
        catalogue: Gives names and roles to what it knows.
        table: Features by which the other roles are guessed.

    Returns:
        TOML text; what is not known is written as "unknown".

    Raises:
        BadInput: If it is not a reaction SMILES, or a structure in it does not parse.
    """
    parts = text.strip().split(">")
    if len(parts) != 3 or not parts[0]:
        raise bad_input(
            "bad-reaction",
            "this is not a reaction SMILES",
            field="TEXT",
            value=text,
            limit='"reactants>agents>products", such as "C1CNCCNC1.BrCc1ccccc1>CC#N>C1CNCCN(C1)Cc1ccccc1"',
            next_step="write reactants, agents and products apart by > and single molecules by a dot",
        )
    reactants, agents, products = (components(p, field="TEXT") if p else () for p in parts)
    known = {canonical(r.smiles): r for r in catalogue.reagents if r.smiles and "." not in r.smiles}
    lines = [
        '# Fill in what says "unknown": anything left so is sampled from a broad prior and listed in the warnings.'
    ]
    target = max(products, key=lambda p: (len(p), p)) if products else None
    lines.append(f'title  = "{"Towards " + formula(target) if target else "New case"}"')
    if target is not None:
        lines.append(f'target = "{target}"')
    lines += ['scale  = "1 mmol"                     # of the limiting reactant', ""]
    roles = [(s, _role(s, table, known, agent=False)) for s in reactants]
    roles += [(s, _role(s, table, known, agent=True)) for s in agents]
    names: set[str] = set()
    for smiles, role in sorted(dict(roles).items(), key=lambda r: (r[1] != "substrate", r[1] == "solvent", r[0])):
        name = known[smiles].name if smiles in known else f"material {formula(smiles)}"
        while name in names:
            name += "'"
        names.add(name)
        amount = {"substrate": '"1.0 equiv"', "solvent": '"unknown"'}.get(role, '"unknown"')
        hint = {"solvent": "such as 10 mL", "substrate": "the smallest is the limiting reactant"}.get(
            role, "such as 1.2 equiv"
        )
        lines += [
            "[[charge]]",
            f'name   = "{name}"',
            f'smiles = "{smiles}"',
            f'role   = "{role}"',
            f"amount = {amount}   # {hint}",
            "",
        ]
    if not any(role == "solvent" for _, role in roles):
        lines += [
            "[[charge]]",
            'name   = "acetonitrile"             # put in your solvent',
            'role   = "solvent"',
            'amount = "unknown"   # such as 10 mL',
            "assumed = true",
            "",
        ]
    lines += [
        "[conditions]",
        'temperature = "unknown"               # such as 25 degC, or [["0 h", "0 degC"], ["1 h", "25 degC"]]',
    ]
    lines += ['time        = "unknown"               # such as 16 h', ""]
    lines += [
        "# [observed]                            # what was found; take the # away",
        '# isolated_yield = "31 %"',
        '# lcms = "crude.csv"',
        "",
    ]
    return "\n".join(lines)


def _role(smiles: str, table: FeatureTable, known: Mapping[str, Reagent], *, agent: bool) -> str:
    """Guess the role of a component from the catalogue's kind, else from its structure."""
    kind = known[smiles].kind if smiles in known else ""
    if agent and kind in {"solvent", "base", "acid", "catalyst"}:
        return kind
    found = features_of(smiles, table)
    if HYDRIDE in found:
        return "reagent"
    if not agent:
        return "substrate"
    if "carboxylic-acid" in found or "strong-acid" in found:
        return "acid"
    return "base" if found.intersection(BASES) else "reagent"
