"""Identity of molecules: canonical SMILES of one component."""

from __future__ import annotations

from functools import lru_cache

from rdkit import Chem, RDLogger

from ringside.errors import bad_input

RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]


def _parsed(smiles: str) -> Chem.Mol | None:
    mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        return None
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
        if atom.GetAtomicNum() == 7 and not _locked(atom):
            atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    return mol


def _locked(atom: Chem.Atom) -> bool:
    """Say whether a nitrogen cannot invert: quaternary, or a bridgehead."""
    if atom.GetFormalCharge() == 1 and atom.GetTotalNumHs() == 0:
        return True
    return atom.GetOwningMol().GetRingInfo().NumAtomRings(atom.GetIdx()) >= 3


@lru_cache(maxsize=65536)
def _canonical_any(smiles: str) -> str | None:
    mol = _parsed(smiles)
    if mol is None:
        return None
    text = Chem.MolToSmiles(mol)
    again = Chem.MolFromSmiles(text)
    return Chem.MolToSmiles(again) if again is not None else None


def is_valid(smiles: str) -> bool:
    """Say whether a SMILES parses."""
    return _canonical_any(smiles) is not None


def _complain(smiles: str, file: str, field: str) -> None:
    if not smiles.strip() or _canonical_any(smiles) is None:
        raise bad_input(
            "bad-smiles",
            "this SMILES cannot be read as a molecule",
            file=file,
            field=field,
            value=smiles,
            limit="a valid SMILES in quotes, such as \"C1CNCCNC1\"",
            next_step="check ring closures, brackets and valences; copy it again from the drawing program",
        )


def canonical(smiles: str, *, file: str = "", field: str = "") -> str:
    """Return the canonical SMILES of one component.

    Atom maps are dropped, and stereo labels of nitrogen that inverts freely.

    Args:
        smiles: Any SMILES of a single component.
        file: Named in the complaint.
        field: Named in the complaint.

    Returns:
        Canonical isomeric SMILES.

    Raises:
        BadInput: If it does not parse or holds several components.
    """
    _complain(smiles, file, field)
    text = _canonical_any(smiles)
    assert text is not None
    if "." in text:
        raise bad_input(
            "several-components",
            "one molecule is asked for here, and this SMILES holds several",
            file=file,
            field=field,
            value=smiles,
            next_step="give one component; salts are split on charging",
        )
    return text


def components(smiles: str, *, file: str = "", field: str = "") -> tuple[str, ...]:
    """Return the canonical components of a SMILES, sorted, with repetition.

    >>> components("[K+].[K+].O=C([O-])[O-]")
    ('O=C([O-])[O-]', '[K+]', '[K+]')
    """
    _complain(smiles, file, field)
    text = _canonical_any(smiles)
    assert text is not None
    return tuple(sorted(canonical(part) for part in text.split(".")))


@lru_cache(maxsize=65536)
def mol(smiles: str) -> Chem.Mol:
    """Return the RDKit molecule of a canonical SMILES, atoms in the order of the text. Treat it as frozen."""
    parsed = Chem.MolFromSmiles(smiles)
    if parsed is None:
        _complain(smiles, "", "")
        raise bad_input("bad-smiles", "this SMILES cannot be read as a molecule", value=smiles)
    return parsed
