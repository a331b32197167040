"""A few rules, as cards, to grow small networks with."""

from __future__ import annotations

from typing import Any

from ringside.network.rule import read_rule

AMINE = "$([N;X3;+0;!$(N-[C,S]=[O,N]);!$(N-c)])"


def card(rule: str, smarts: str, **more: Any) -> dict[str, Any]:
    return {
        "id": rule,
        "title": rule.replace("-", " "),
        "status": "draft",
        "claims": "for tests",
        "wrong_when": "outside tests",
        "smarts": smarts,
        "rate": rule,
        "sources": ["judgement"],
        **more,
    }


CARDS = {
    c["id"]: c
    for c in (
        card("sn2", f"[{AMINE};!H0:1].[C@;X4:2][Cl,Br,I:3]>>[N:1][C@@:2].[*:3]", rings=[3, 24]),
        card("quaternisation", f"[{AMINE};H0:1].[C@;X4:2][Cl,Br,I:3]>>[N+:1][C@@:2].[*-:3]", rings=[3, 24]),
        card("azetidinium-opening", f"[{AMINE};!H0:1].[C;r4:2][N+;X4;r4:3]>>[N+0:1][C:2].[N+0:3].[H+]"),
        card("halide-exchange", "[Cl-,Br-,I-:1].[C@;X4:2][Cl,Br,I:3]>>[*+0:1][C@@:2].[*-:3]"),
        card(
            "hemiaminal",
            f"[{AMINE};!H0:1].[CX3;!$(C-[N,O]):2]=[O:3]>>[N:1][C:2][O:3]",
            rings=[5, 8],
            reverse_rate="hemiaminal-loss",
        ),
        card("iminium", f"[{AMINE};H0:1][CX4:2][OX2;H1:3]>>[N+:1]=[C:2].[O-:3]", reverse_rate="iminium-hydrolysis"),
        card("aminal", f"[{AMINE};!H0:1].[C:2]=[N+:3]>>[N+0:1][C:2][N+0:3].[H+]", rings=[5, 8]),
        card("hydride", "[BX4;-;!H0:1].[C:2]=[N+;H0:3]>>[BX3;+0:1].[C:2][N+0:3]"),
        card("boc", f"[{AMINE};!H0:1].[C:2](=[O:4])([O:5])[O:3][C:6]=[O:7]>>[N:1][C:2](=[O:4])[O:5].[O:3][C:6]=[O:7]"),
        card("snar", f"[{AMINE};!H0:1].[c;$(c1ccc(N(=O)~O)cc1):2][F:3]>>[N:1][c:2].[F:3]"),
    )
}
RULES = {rule: read_rule(c, file=f"{rule}.toml") for rule, c in CARDS.items()}
ALKYLATIONS = (RULES["sn2"], RULES["quaternisation"])
