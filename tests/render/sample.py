"""A small report made by hand: every section filled, with text that must be escaped."""

from ringside.answers.report import (
    AssignmentEntry,
    CandidateEntry,
    CaseHead,
    CauseEntry,
    ChangeEntry,
    ChargeEntry,
    CostEntry,
    EvidenceEntry,
    FamilyEntry,
    FateEntry,
    FlaskEntry,
    Interval,
    Ion,
    MaterialEntry,
    NextTestEntry,
    NotEnumerated,
    Observations,
    PatchEntry,
    RemedyEntry,
    Report,
    SideProductEntry,
    SourceEntry,
    SpeciesEntry,
    TraceEntry,
    Visible,
    WarningEntry,
    YieldEntry,
)


def species(key, smiles, label, role, amount, mz, *, uv=True, path=("n-alkylation",)):
    value = Interval(*amount)
    return SpeciesEntry(
        key,
        smiles,
        None,
        label,
        role,
        "C12H18N2",
        mz - 1.00728,
        (Ion("[M+H]+", mz),),
        path,
        value,
        value,
        value,
        Visible(uv, True),
        (),
        (),
    )


def report():
    mono = species("s1", "c1ccc(CN2CCCNCC2)cc1", "target", "product", (0.52, 0.35, 0.66), 191.1543)
    bis = species(
        "s2", "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1", "N,N'-dibenzyl <bis>", "side-product", (0.22, 0.1, 0.35), 281.2012
    )
    start = species(
        "s3", "C1CNCCNC1", "homopiperazine", "starting-material", (0.24, 0.1, 0.4), 101.1073, uv=False, path=()
    )
    quat = species(
        "s4", "c1ccc(C[N+]2(Cc3ccccc3)CCCNCC2)cc1", "quaternary ammonium", "side-product", (0.002, 0.0, 0.05), 281.2
    )
    peaks = (
        AssignmentEntry("p1", 1.07, 61.0, (191.15,), (CandidateEntry("s1", "[M+H]+", 3.0, 4.2, 0.97, True),), (), ""),
        AssignmentEntry(
            "p2",
            1.28,
            31.0,
            (281.2,),
            (CandidateEntry("s2", "[M+H]+", 3.0, 2.0, 0.6, False), CandidateEntry("s4", "M+", 3.0, 2.0, 0.3, False)),
            ("s2", "s4"),
            "a base wash: a quaternary salt keeps its mass and its place",
        ),
        AssignmentEntry(
            "p3", 2.9, 8.0, (413.27,), (CandidateEntry("none-of-these", "", None, 0.1, 0.9, True),), (), ""
        ),
    )
    cause = CauseEntry(
        "unprotected-diamine", "Both nitrogens of the diamine react alike", ("unprotected-diamine",), 0.71, 0.4, 3.6,
        (EvidenceEntry("area p2", "the dialkylated peak is as large as the statistics of two equal nitrogens ask", 1.4),),
        (EvidenceEntry("yield", "the isolated yield is lower than that alone explains", -0.4),),
        "Excess diamine, or one nitrogen protected, brings back most of the lost yield.", ("judgement", "seed: issue 3"),
        "a borane on one <nitrogen>",
    )  # fmt: skip
    none = CauseEntry("none-of-these", "None of these", ("none-of-these",), 0.29, 0.15, 0.8, (), (), "", (), "")
    remedy = RemedyEntry(
        "excess-diamine", ChangeEntry("Use 3 equivalents of homopiperazine", (PatchEntry("charge[homopiperazine].amount", "1.0 equiv", "3.0 equiv"),)),
        YieldEntry(Interval(0.52, 0.35, 0.66), Interval(0.83, 0.7, 0.9)), Interval(0.3, 0.18, 0.42),
        (SideProductEntry("s2", Interval(0.22, 0.1, 0.35), Interval(0.06, 0.02, 0.1)),), CostEntry(0.0, 0.0, 24.0), "the excess washes out at pH 7", ("judgement",),
    )  # fmt: skip
    trace = TraceEntry(
        "UV 254 nm", tuple(i / 50 for i in range(200)), tuple(1.0 if i == 53 else 0.02 for i in range(200))
    )
    return Report(
        "1.0", "0.1.0", "abc123def4567890", "diagnose", CaseHead("Mono-benzylation of homopiperazine", mono.smiles, True),
        "Both nitrogens react alike: half the homopiperazine is dialkylated; three equivalents of diamine raise the yield from 52 to 83 %.",
        FlaskEntry(
            (ChargeEntry("homopiperazine", "C1CNCCNC1", "substrate", 1.0, 10.0, "1.0 equiv"), ChargeEntry("benzyl bromide", "BrCc1ccccc1", "substrate", 1.1, 11.0, "1.1 equiv over 2 h"),
             ChargeEntry("acetonitrile", "CC#N", "solvent", None, None, "50 mL")), 50.0, "homopiperazine", 10.0, "25 °C, 16 h", "Quenched with sat. NaHCO3."),
        Observations("31 %", "98 %", None, (), ("two new spots on TLC",), ("pH 8", "at 2 h: conversion 35 %")),
        (mono, bis, start, quat), (FamilyEntry("family:oligomer", "longer chains and rings", "C5H10N2", "n x C5H10N2", Interval(0.01, 0.0, 0.04), 310.2, 420.5, ()),),
        (trace,), peaks, 0.92, (cause, none), True, 0.012, (remedy,),
        (
            NextTestEntry(
                "dilution-series",
                0.8,
                "Inject again at a tenth of the load: [2M+H]+ falls a hundredfold.",
                1.0,
                "A hundredfold fall is a cluster.",
                "A tenfold fall is a species of its own.",
            ),
        ),
        (WarningEntry("assumed", "caution", "The amount of base was assumed.", "charge[2].amount"),), (NotEnumerated("12 species", "below the detection limit"),),
        (SourceEntry("judgement", "judgement", "Judgement of the authors, with wide intervals", "", ""), SourceEntry("seed", "seed", "Technical support guide: synthesis of 1,4-diazepanes", "https://www.benchchem.com/product/b1291026", "full text")),
        None, None, None, None, None, None, None, None, None, None,
        (
            MaterialEntry("s3", "homopiperazine", (
                FateEntry("product", "in the target", "", Interval(0.52, 0.35, 0.66), ("s1",)),
                FateEntry("unreacted", "left as charged", "", Interval(0.24, 0.1, 0.4), ("s3",)),
                FateEntry("lost", "The product is alkylated <once> more", "cause/alkylated-again", Interval(0.22, 0.1, 0.35), ("s2", "gone")),
                FateEntry("lost", "Quaternisation", "rule/amine-quaternisation", Interval(0.001, 0.0, 0.02), ("s4",)),
            )),
        ),
    )  # fmt: skip
