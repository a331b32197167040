"""Structures as compact SVG."""

from __future__ import annotations

import re
from functools import lru_cache

from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from ringside.chem.molecule import mol


@lru_cache(maxsize=4096)
def draw_svg(smiles: str, *, width: int = 180, height: int = 130) -> str:
    """Return a structure as SVG text: paths only, no fonts, black on transparent.

    Args:
        smiles: Canonical SMILES.
        width: Width [px].
        height: Height [px].
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
    prepared = rdMolDraw2D.PrepareMolForDrawing(mol(smiles), kekulize=True)
    drawer.DrawMolecule(prepared)
    drawer.FinishDrawing()
    return _compact(drawer.GetDrawingText(), width, height)


def _compact(text: str, width: int, height: int) -> str:
    """Strip headers, classes and spare digits from RDKit's SVG."""
    body = text[text.index("<!-- END OF HEADER -->") :] if "<!-- END OF HEADER -->" in text else text
    body = re.sub(r"<!--.*?-->|</svg>", "", body, flags=re.S)
    body = re.sub(r"<rect[^>]*>\s*(</rect>)?", "", body)
    body = re.sub(r" class='[^']*'", "", body)
    body = re.sub(r"(\d+\.\d)\d+", r"\1", body)
    body = re.sub(r"style='fill:none;fill-rule:evenodd;stroke:#000000;stroke-width:([\d.]+)px;[^']*'", r"fill='none' stroke='#000' stroke-width='\1'", body)
    body = re.sub(r"\s*\n\s*", "", body)
    return f"<svg width='{width}' height='{height}' viewBox='0 0 {width} {height}'>{body}</svg>"
