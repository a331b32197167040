"""Structures as compact SVG."""

from __future__ import annotations

import re
from functools import lru_cache

from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from ringside.chem.molecule import mol

_PATH = re.compile(r"<path\b([^>]*)>")
_D = re.compile(r"\bd='([^']*)'")
_STROKE = re.compile(r"stroke-width:([\d.]+)px")
_LONG = re.compile(r"(\d+\.\d)\d+")
ACCENT = "#b4532a"
_GAP = re.compile(r"\s*([MLQCZ,])\s*")


@lru_cache(maxsize=4096)
def draw_svg(smiles: str, *, width: int = 180, height: int = 130) -> str:
    """Return a structure as SVG text: paths only, no fonts, in the colour of the text around it, transparent.

    Args:
        smiles: Canonical SMILES.
        width: Width [px].
        height: Height [px].

    Returns:
        An ``<svg>`` element without XML header, the same bytes each time.

    Raises:
        BadInput: If the SMILES does not parse.
    """
    return _compact(_drawn(mol(smiles), width, height), width, height)


@lru_cache(maxsize=1024)
def draw_mapped_svg(smiles: str, marked: tuple[int, ...] = (), *, width: int = 200, height: int = 140) -> str:
    """Return a structure with the map numbers of its atoms beside them, those in ``marked`` in the accent colour.

    Args:
        smiles: Atom-mapped SMILES.
        marked: Map numbers of the atoms that react.
        width: Width [px].
        height: Height [px].

    Returns:
        An ``<svg>`` element without XML header, the same bytes each time.

    Raises:
        BadInput: If the SMILES does not parse.
    """
    work = Chem.Mol(mol(smiles))
    drawings: list[str] = []
    for accent in (False, True):
        shown = Chem.Mol(work)
        for atom in shown.GetAtoms():
            number = atom.GetAtomMapNum()
            atom.SetAtomMapNum(0)
            if number and (number in marked) == accent:
                atom.SetProp("atomNote", str(number))
        drawings.append(_drawn(shown, width, height))
    plain, accented = drawings
    notes = "".join(_notes(plain, "currentColor", 0.45) + _notes(accented, ACCENT, 1.0))
    return _compact(plain, width, height).replace("</svg>", f"{notes}</svg>")


def _notes(text: str, colour: str, opacity: float) -> str:
    found = [_D.search(a) for a in _PATH.findall(text) if "class='note'" in a]
    short = "".join(_GAP.sub(r"\1", _LONG.sub(r"\1", d.group(1))).strip() for d in found if d is not None)
    return f"<path d='{short}' fill='{colour}' opacity='{opacity}' fill-rule='evenodd'/>" if short else ""


def _drawn(molecule: Chem.Mol, width: int, height: int) -> str:
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = drawer.drawOptions()
    options.clearBackground = False
    options.useBWAtomPalette()
    options.bondLineWidth = 1.3
    options.fixedBondLength = 22
    options.minFontSize = 9
    options.padding = 0.06
    options.annotationFontScale = 0.8
    rdDepictor.SetPreferCoordGen(False)
    drawer.DrawMolecule(rdMolDraw2D.PrepareMolForDrawing(molecule, kekulize=True))
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())


def _compact(text: str, width: int, height: int) -> str:
    """Join RDKit's many paths into one for each line width and one for all that is filled."""
    strokes: dict[str, list[str]] = {}
    fills: list[str] = []
    for attributes in _PATH.findall(text):
        outline = _D.search(attributes)
        if outline is None or "class='note'" in attributes:
            continue
        short = _GAP.sub(r"\1", _LONG.sub(r"\1", outline.group(1))).strip()
        if "fill:none" in attributes:
            found = _STROKE.search(attributes)
            strokes.setdefault(found.group(1) if found else "1", []).append(short)
        else:
            fills.append(short)
    lines = "".join(
        f"<path d='{''.join(parts)}' fill='none' stroke='currentColor' stroke-width='{size}' stroke-linecap='round'/>"
        for size, parts in strokes.items()
    )
    solid = f"<path d='{''.join(fills)}' fill='currentColor' fill-rule='evenodd'/>" if fills else ""
    return f"<svg width='{width}' height='{height}' viewBox='0 0 {width} {height}'>{lines}{solid}</svg>"
