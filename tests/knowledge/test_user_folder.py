"""A user's own folder of knowledge, laid over the shipped base."""

import shutil

import pytest

from ringside.errors import BadKnowledge
from ringside.knowledge.check import check
from ringside.knowledge.load import SHIPPED, load


def test_the_shipped_base_is_sound():
    assert check(load()) == ()


def test_a_card_with_the_same_id_replaces_the_shipped_one_and_changes_the_hash(tmp_path):
    (tmp_path / "rules").mkdir()
    card = (SHIPPED / "rules" / "snar.toml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "snar.toml").write_text(
        card.replace('status = "reviewed"', 'status = "draft"'), encoding="utf-8"
    )
    mine = load(tmp_path)
    assert len(mine.rules) == len(load().rules)
    assert mine.hash != load().hash


def test_rows_of_a_users_table_win(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "decided_by.csv").write_text(
        "kind,text,source\nisomers,ask a crystallographer,judgement\n", encoding="utf-8"
    )
    (tmp_path / "data" / "likelihood.csv").write_text(
        "key,value,unit,source,note\ntempering,0.25,,judgement,mine\n", encoding="utf-8"
    )
    mine = load(tmp_path)
    assert mine.evidence.decided_by["isomers"] == "ask a crystallographer"
    assert mine.constants.tempering == 0.25
    assert mine.constants.prior_none == load().constants.prior_none


def test_a_broken_card_is_refused_with_its_file_and_field(tmp_path):
    shutil.copytree(SHIPPED / "rules", tmp_path / "rules")
    broken = tmp_path / "rules" / "snar.toml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("smarts =", "smurts ="), encoding="utf-8")
    with pytest.raises(BadKnowledge) as caught:
        load(tmp_path)
    assert "rules/snar.toml" in str(caught.value)
    assert "smarts" in str(caught.value)
