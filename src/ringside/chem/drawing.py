"""Structures as compact SVG."""

from __future__ import annotations

import re
from functools import lru_cache

from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from ringside.chem.molecule import mol

_PATH = re.compile(r"<path\b([^>]*)>")
_D = re.compile(r"\bd='([^']*)'")
_STROKE = re.compile(r"stroke-width:([\d.]+)px")
_LONG = re.compile(r"(\d+\.\d)\d+")
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
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = drawer.drawOptions()
    options.clearBackground = False
    options.useBWAtomPalette()
    options.bondLineWidth = 1.3
    options.fixedBondLength = 22
    options.minFontSize = 9
    options.padding = 0.06
    rdDepictor.SetPreferCoordGen(False)
    drawer.DrawMolecule(rdMolDraw2D.PrepareMolForDrawing(mol(smiles), kekulize=True))
    drawer.FinishDrawing()
    return _compact(drawer.GetDrawingText(), width, height)


def _compact(text: str, width: int, height: int) -> str:
    """Join RDKit's many paths into one for each line width and one for all that is filled."""
    strokes: dict[str, list[str]] = {}
    fills: list[str] = []
    for attributes in _PATH.findall(text):
        outline = _D.search(attributes)
        if outline is None:
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
