"""Identity of molecules: canonical SMILES of one component."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from rdkit import Chem, RDLogger

from ringside.errors import BadInput, bad_input

_LIMIT = 'a valid SMILES in quotes, such as "C1CNCCNC1"'
_ROUNDS = 4

cast(Any, RDLogger).DisableLog("rdApp.*")


def _read(smiles: str, *, sanitize: bool = True) -> Chem.Mol | None:
    """Return the molecule of a SMILES, None if it is unreadable or empty."""
    found = cast(Any, Chem).MolFromSmiles(smiles, sanitize=sanitize)
    return found if found is not None and found.GetNumAtoms() else None


def _parsed(smiles: str) -> Chem.Mol | None:
    """Return the molecule without atom maps and without stereo labels of nitrogen that inverts; None if unreadable."""
    mol = _read(smiles)
    if mol is None:
        return None
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
        if atom.GetAtomicNum() == 0:
            return None
        if atom.GetAtomicNum() == 7 and atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED and not _locked(atom):
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    return mol


def _locked(atom: Chem.Atom) -> bool:
    """Say whether a nitrogen cannot invert: four bonds to other atoms, or a bridgehead."""
    if atom.GetDegree() == 4:
        return True
    mine = [set(r) for r in atom.GetOwningMol().GetRingInfo().AtomRings() if atom.GetIdx() in r]
    return any(len(a & b) > 2 for i, a in enumerate(mine) for b in mine[i + 1 :])


@lru_cache(maxsize=131072)
def _canonical_any(smiles: str) -> str | None:
    mol = _parsed(smiles)
    if mol is None:
        return None
    seen: list[str] = []
    text = Chem.MolToSmiles(mol)
    while text not in seen and len(seen) < _ROUNDS:
        seen.append(text)
        again = _read(text)
        if again is None:
            return None
        text = Chem.MolToSmiles(again)
    return text if text == seen[-1] else min(seen)


def is_valid(smiles: str) -> bool:
    """Say whether a text is a SMILES of real atoms, in any number of components."""
    return _text_fault(smiles) is None and _canonical_any(smiles.strip()) is not None


@lru_cache(maxsize=131072)
def _text_fault(smiles: str) -> str | None:
    """Return what is wrong with the text before chemistry comes in, or None."""
    text = smiles.strip()
    if not text:
        return "no SMILES is given"
    if any(c.isspace() for c in text):
        return "a SMILES holds no spaces"
    if ">" in text:
        return "this is a reaction SMILES; one molecule is asked for"
    return None


def _why(smiles: str) -> str:
    """Say in chemist's words why a text is no molecule."""
    raw = _read(smiles, sanitize=False)
    if raw is None:
        return "this SMILES cannot be read: a ring number, bracket or bond is left open, or an element is misspelt"
    if any(a.GetAtomicNum() == 0 for a in raw.GetAtoms()):
        return "this SMILES holds a wildcard atom (*), so it is no definite molecule"
    for problem in Chem.DetectChemistryProblems(raw):
        kind = problem.GetType()
        if kind == "AtomValenceException":
            atom = raw.GetAtomWithIdx(cast(Any, problem).GetAtomIdx())
            return f"atom {atom.GetIdx() + 1} ({atom.GetSymbol()}) has more bonds than it can have"
        if kind in {"KekulizeException", "AtomKekulizeException"}:
            return "its lower-case (aromatic) atoms do not make an aromatic ring; a ring N-H is written [nH]"
    return "this SMILES cannot be read as a molecule"


def _refusal(smiles: str, file: str, field: str) -> BadInput:
    return bad_input(
        "bad-smiles",
        _text_fault(smiles) or _why(smiles.strip()),
        file=file,
        field=field,
        value=smiles,
        limit=_LIMIT,
        next_step="correct it, or copy it again from the drawing program",
    )


def _checked(smiles: str, file: str, field: str) -> str:
    text = _canonical_any(smiles.strip()) if _text_fault(smiles) is None else None
    if text is None:
        raise _refusal(smiles, file, field)
    return text


def canonical(smiles: str, *, file: str = "", field: str = "") -> str:
    """Return the canonical SMILES of one component.

    Atom maps are dropped, and stereo labels of nitrogen unless it is a bridgehead or has four bonds. The result is a
    fixed point: ``canonical(canonical(x)) == canonical(x)``.

    Args:
        smiles: Any SMILES of a single component.
        file: Named in the complaint.
        field: Named in the complaint.

    Returns:
        Canonical isomeric SMILES.

    Raises:
        BadInput: If it does not parse, holds a wildcard, or holds several components.

    >>> canonical("N1CCCNCC1")
    'C1CNCCNC1'
    """
    text = _checked(smiles, file, field)
    if "." in text:
        raise bad_input(
            "several-components",
            "one molecule is asked for here, and this SMILES holds several",
            file=file,
            field=field,
            value=smiles,
            limit="one component, without a dot",
            next_step="leave out the counter-ions, or give the salt form in the field made for it",
        )
    return text


def components(smiles: str, *, file: str = "", field: str = "") -> tuple[str, ...]:
    """Return the canonical components of a SMILES, sorted, with repetition.

    Raises:
        BadInput: If it does not parse or holds a wildcard.

    >>> components("[K+].[K+].[O-]C([O-])=O")
    ('O=C([O-])[O-]', '[K+]', '[K+]')
    """
    return tuple(sorted(canonical(part) for part in _checked(smiles, file, field).split(".")))


@lru_cache(maxsize=131072)
def mol(smiles: str) -> Chem.Mol:
    """Return the RDKit molecule of a SMILES, atoms in the order of the text. It is shared: do not change it.

    Raises:
        BadInput: If it does not parse.
    """
    parsed = _read(smiles)
    if parsed is None:
        raise _refusal(smiles, "", "")
    return parsed


@lru_cache(maxsize=16384)
def elements(smiles: str) -> frozenset[str]:
    """Return the symbols of the elements in a SMILES of any number of components, empty if it does not parse."""
    parsed = _read(smiles)
    return frozenset(a.GetSymbol() for a in parsed.GetAtoms()) if parsed is not None else frozenset()


@lru_cache(maxsize=16384)
def without_stereo(smiles: str) -> str:
    """Return the SMILES of a molecule without stereo marks, the same for all its stereoisomers.

    >>> without_stereo("C[C@H](O)F")
    'CC(O)F'
    """
    return str(Chem.MolToSmiles(mol(smiles), isomericSmiles=False))
