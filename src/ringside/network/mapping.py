"""Reactions as atom-mapped SMILES: which atom of a product was which atom of a reactant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdkit import Chem

from ringside.chem.molecule import mol
from ringside.network.apply import Event, apply_counted
from ringside.network.events import HYDROGEN
from ringside.network.nouns import FAMILY_PREFIX, Reaction, Rule
from ringside.network.template import compile_template


@dataclass(frozen=True, slots=True)
class MappedReaction:
    """Atom-mapped SMILES of both sides, and the map numbers of the atoms whose bonds or charges change.

    Numbers count the heavy atoms of the reactants from 1. What comes from no numbered atom, such as a proton set free,
    has none; a family has no structure and is left out.
    """

    reactants: tuple[str, ...]
    products: tuple[str, ...]
    centre: tuple[int, ...]

    @property
    def smiles(self) -> str:
        """Return the reaction SMILES."""
        return f"{'.'.join(self.reactants)}>>{'.'.join(self.products)}"


def mapped(reaction: Reaction, rules: Mapping[str, Rule], forward: Reaction | None = None) -> MappedReaction:
    """Return a reaction with its atoms numbered.

    Args:
        reaction: From a network.
        rules: By id; must hold the reaction's rule.
        forward: The reaction that this one is the reverse of, where it is one.

    Raises:
        ValueError: If the rule does not give this reaction.
    """
    wanted = forward or reaction
    rule = rules[wanted.rule]
    event = _event(rule, wanted)
    offsets = [0]
    for smiles in wanted.reactants:
        offsets.append(offsets[-1] + mol(smiles).GetNumAtoms())
    before = tuple(
        _numbered(smiles, {i: offsets[k] + i + 1 for i in range(mol(smiles).GetNumAtoms())})
        for k, smiles in enumerate(wanted.reactants)
        if smiles != HYDROGEN
    )
    after = tuple(
        _numbered(smiles, {i: offsets[side] + atom + 1 for i, (side, atom) in enumerate(origin) if atom >= 0})
        for smiles, origin in zip(event.reaction.products, event.origins, strict=True)
        if not smiles.startswith(FAMILY_PREFIX)
    )
    after = tuple(sorted(after, key=lambda s: (-s.count(":"), s)))
    changed = {edit.map_number for edit in compile_template(rule.smarts).atoms}
    changed |= {n for edit in compile_template(rule.smarts).bonds for n in (edit.first, edit.second)}
    centre = tuple(sorted(offsets[s.reactant] + s.atom + 1 for s in event.reaction.sites if s.map_number in changed))
    return MappedReaction(after, before, centre) if forward else MappedReaction(before, after, centre)


def _event(rule: Rule, reaction: Reaction) -> Event:
    """Return the event of a reaction; one whose chain was lumped keeps its id."""
    for event in apply_counted(rule, reaction.reactants).events:
        if event.reaction.id == reaction.id:
            return event
    raise ValueError(f"{rule.id} does not give {reaction.id}")


def _numbered(smiles: str, numbers: Mapping[int, int]) -> str:
    work = Chem.Mol(mol(smiles))
    for atom, number in numbers.items():
        work.GetAtomWithIdx(atom).SetAtomMapNum(number)
    return str(Chem.MolToSmiles(work, canonical=False))
