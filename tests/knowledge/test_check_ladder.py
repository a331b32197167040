"""Each rung of the check finds what it is there for, and says where."""

from pathlib import Path

import pytest

from ringside.errors import BadKnowledge
from ringside.knowledge.check import check
from ringside.knowledge.load import load

CARD = """
id = "mine"
title = "A card of mine"
status = "{status}"
claims = "It reacts."
wrong_when = "Never."
smarts = '{smarts}'
rate = "{rate}"
{extra}
sources = ["judgement"]

[[example]]
reactants = {reactants}
product = "{product}"
source = "judgement"

[[counter_example]]
reactants = ["CC", "CC"]
product = "CCCC"
source = "judgement"
"""
SOUND = {
    "status": "draft",
    "smarts": "[SX2;H1:1].[CX4:2]-[Br:3]>>[*:1]-[*:2].[*:3]",
    "rate": "sn2",
    "extra": "",
    "reactants": '["CS", "CCBr"]',
    "product": "CCSC",
}
FAMILY = "id,reference,log10_k,unit,sd,ea_kj_mol,ea_sd,charge_type,reference_solvent,nucleophiles,electrophiles,leaving_groups,closure,acid_order,absolute,source,validity\n"


def found(folder: Path, rows: dict[str, str] | None = None, **card: str) -> set[tuple[str, str, str]]:
    """Return (code, file, field) of every complaint about the shipped base with one more card and these rows."""
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "mine.toml").write_text(CARD.format(**(SOUND | card)), encoding="utf-8")
    for name, text in (rows or {}).items():
        path = folder / "data" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {(c.code, c.file, c.field) for c in check(load(folder))}


def test_a_sound_card_has_no_complaint(tmp_path):
    assert found(tmp_path / "k") == set()


@pytest.mark.parametrize(
    ("card", "code", "field"),
    [
        ({"rate": "boc-cleavage"}, "bad-dimension", "rate"),
        ({"rate": "nobody-knows"}, "unknown-family", "rate"),
        ({"product": "CCS"}, "example-fails", "example[1]"),
        ({"extra": 'gate = { any_of = ["has:colour"] }'}, "unknown-feature", "gate"),
        ({"extra": 'gate = { any_of = ["material:unobtainium"] }'}, "unknown-feature", "gate"),
        ({"status": "reviewed"}, "not-reviewed", "example"),
    ],
)
def test_a_broken_card_is_named_with_file_and_field(tmp_path, card, code, field):
    assert (code, "rules/mine.toml", field) in found(tmp_path / "k", **card)


def test_a_condition_with_an_impossible_feature_is_named(tmp_path):
    extra = '[[condition]]\nany_of = ["has:colour"]\nlog10 = 1\nsd = 1\nbecause = "x"\nsource = "judgement"\n'
    card = CARD.replace("{extra}\n", "").replace("[[counter_example]]", extra + "\n[[counter_example]]")
    folder = tmp_path / "k"
    (folder / "rules").mkdir(parents=True)
    values = {k: v for k, v in SOUND.items() if k != "extra"}
    (folder / "rules" / "mine.toml").write_text(card.format(**values), encoding="utf-8")
    assert {(c.code, c.field) for c in check(load(folder))} == {("unknown-feature", "condition[1]")}


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("mine-rate,x,20,M^-1 s^-1,1.0,60,10,polar,,,,,,0,yes,judgement,", {"implausible-rate"}),
        ("mine-rate,x,-60,M^-1 s^-1,1.0,60,10,polar,,,,,,0,yes,judgement,", {"implausible-rate"}),
        ("mine-rate,x,-3,M^-1 s^-1,1.0,900,10,polar,,,,,,0,yes,judgement,", {"implausible-number"}),
        ("mine-rate,x,-3,M^-1 s^-1,0.01,60,10,polar,,,,,,0,yes,judgement,", {"implausible-number"}),
        ("mine-rate,x,-3,M^-1 s^-1,1.0,60,10,polar,,,,,,0,yes,judgement,", set()),
    ],
)
def test_a_rate_must_be_possible_and_admit_its_error(tmp_path, row, codes):
    complaints = found(tmp_path / "k", {"rates/families": FAMILY + row + "\n"}, rate="mine-rate")
    assert {code for code, _, _ in complaints} == codes


def test_a_row_behind_its_twin_is_dead(tmp_path):
    header = "family,id,smarts,delta_log10,sd,source,note\n"
    rows = header + "sn2,one,[Br],0.1,0.1,judgement,\nsn2,two,[Br],0.2,0.1,judgement,\n"
    complaints = found(tmp_path / "k", {"rates/leaving_groups": rows})
    assert ("dead-row", "data/rates/leaving_groups.csv", "sn2/two") in complaints


def test_a_source_of_a_licence_that_cannot_be_shipped_is_named(tmp_path):
    header = "key,kind,citation,doi_or_url,licence,read_as\n"
    complaints = found(tmp_path / "k", {"sources/mine": header + "mine,dataset,A set,,CC BY-NC,full text\n"})
    assert ("bad-licence", "data/sources", "mine") in complaints


def test_all_complaints_about_cards_that_cannot_be_read_come_at_once(tmp_path):
    rules = tmp_path / "k" / "rules"
    rules.mkdir(parents=True)
    (rules / "one.toml").write_text(CARD.format(**(SOUND | {"smarts": "[C:1]>>"})), encoding="utf-8")
    (rules / "two.toml").write_text(CARD.format(**(SOUND | {"status": "perhaps"})), encoding="utf-8")
    with pytest.raises(BadKnowledge) as fault:
        load(tmp_path / "k")
    assert {(c.file, c.field) for c in fault.value.complaints} >= {
        ("rules/one.toml", "smarts"),
        ("rules/two.toml", "status"),
    }
