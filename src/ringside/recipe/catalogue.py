"""The reagent catalogue: what a name stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.process import extractOne

from ringside.chem.molecule import components
from ringside.errors import bad_input


@dataclass(frozen=True, slots=True)
class Reagent:
    """One material. ``smiles`` is None where it has no structure; ``density`` [g/mL], ``boiling_point`` [degC] and ``price`` [EUR/mol] may be unknown."""

    name: str
    synonyms: tuple[str, ...]
    smiles: str | None
    cas: str
    molar_mass: float | None
    density: float | None
    boiling_point: float | None
    phase: str
    kind: str
    solvent_class: str
    price: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All materials; names and synonyms are looked up without regard to case, structures by their sorted components."""

    reagents: tuple[Reagent, ...]
    by_name: Mapping[str, Reagent]
    by_structure: Mapping[tuple[str, ...], Reagent]

    def get(self, name: str) -> Reagent | None:
        """Return the material of a name or synonym, None where there is none."""
        return self.by_name.get(_key(name))

    def find(self, name: str, *, file: str = "", field: str = "") -> Reagent:
        """Return the material of a name or synonym.

        Raises:
            BadInput: If there is none; the nearest name is suggested.
        """
        found = self.get(name)
        if found is not None:
            return found
        near = extractOne(_key(name), list(self.by_name), score_cutoff=70)
        hint = f"did you mean {self.by_name[near[0]].name!r}? If not, " if near else ""
        raise bad_input(
            "unknown-material",
            "the reagent catalogue does not know this name",
            file=file,
            field=field,
            value=name,
            limit="a catalogue name or synonym, or any name together with smiles",
            next_step=f'{hint}add smiles = "..." to this charge',
        )


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _number(text: str) -> float | None:
    return float(text) if text else None


def read_catalogue(rows: Sequence[Mapping[str, str]]) -> Catalogue:
    """Build the catalogue from rows of ``reagents.csv``; a later row of the same name replaces the earlier."""
    found: dict[str, Reagent] = {}
    for r in rows:
        found[r["name"]] = Reagent(
            name=r["name"],
            synonyms=tuple(s.strip() for s in r["synonyms"].split("|") if s.strip()),
            smiles=r["smiles"] or None,
            cas=r["cas"],
            molar_mass=_number(r["molar_mass_g_mol"]),
            density=_number(r["density_g_mL"]),
            boiling_point=_number(r["boiling_point_degC"]),
            phase=r["phase"],
            kind=r["kind"],
            solvent_class=r["solvent_class"],
            price=_number(r["price_eur_per_mol"]),
            source=r["source"],
        )
    by_name = {_key(synonym): r for r in found.values() for synonym in r.synonyms}
    by_name |= {_key(r.name): r for r in found.values()}
    by_structure = {components(r.smiles): r for r in found.values() if r.smiles}
    return Catalogue(tuple(found.values()), by_name, by_structure)
