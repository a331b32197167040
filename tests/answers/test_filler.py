"""Which cards change an answer."""

from pathlib import Path

from ringside.answers.filler import leave_one_out
from ringside.knowledge.load import SHIPPED

ROOT = Path(__file__).parents[2]


def test_a_card_that_another_one_repeats_is_filler_and_one_that_acts_in_a_case_is_not(tmp_path):
    (tmp_path / "rules").mkdir()
    text = (SHIPPED / "rules" / "isocyanate-amine.toml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "again.toml").write_text(
        text.replace('id = "isocyanate-amine"', 'id = "again"'), encoding="utf-8"
    )
    found = {s.id: s.why for s in leave_one_out([ROOT / "examples" / "benzylation.toml"], tmp_path) if s.kind == "rule"}
    assert found["again"] == ""
    assert found["isocyanate-amine"] == ""
    assert "benzylation.toml" in found["amine-alkylation"]
    assert found["bridged-aminal"].startswith("the only way from")


def test_a_case_that_cannot_be_read_is_passed_over(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("title = 1", encoding="utf-8")
    found = {s.id: s.why for s in leave_one_out([broken])}
    assert found["amine-alkylation"].startswith("the only way from")
