"""Citations: of Ringside, of a source, of a card."""

import json
import re

import pytest
from typer.testing import CliRunner

from ringside import __version__
from ringside.answers.cite import cite
from ringside.cli.main import app
from ringside.errors import BadInput
from ringside.knowledge.load import load
from ringside.record.jsontext import to_json
from ringside.render.cite import to_bibtex


def test_ringside_is_cited_with_its_version_licence_and_knowledge_hash_and_every_source():
    found, known = cite(None), load()
    assert __version__ in found.text
    assert found.licence in found.text
    assert found.knowledge == known.hash
    assert {s.key for s in found.sources} == set(known.sources)


def test_a_source_names_the_cards_and_tables_that_rest_on_it_and_no_others():
    (source,) = cite("illuminati-1981").sources
    known = load()
    causes = {f"cause/{c.id}" for c in known.causes if "illuminati-1981" in c.sources}
    assert causes
    assert {c for c in source.cards if c.startswith("cause/")} == causes
    assert [t.table for t in source.tables] == sorted(t.table for t in source.tables)
    assert source.read_as == known.sources["illuminati-1981"].read_as


def test_a_doi_becomes_a_link():
    (source,) = cite("abdel-magid-1996").sources
    assert source.link == "https://doi.org/10.1021/jo960057x"


def test_a_card_is_cited_with_where_in_its_sources_it_looked():
    found = cite("cause/too-concentrated")
    assert {s.key: s.where for s in found.sources}["seed"] == "Issue 1, polymerization"
    assert found.id == "cause/too-concentrated"


def test_where_in_a_source_a_rule_looked_is_told_too():
    (source,) = cite("acetal-hydrolysis").sources
    assert source.where == "ch. 11, acetals"


def test_an_unknown_key_is_refused_with_near_ones():
    with pytest.raises(BadInput) as told:
        cite("iluminati-1981")
    assert "illuminati-1981" in str(told.value)


def test_own_knowledge_counts_with_the_shipped_tables(tmp_path):
    sources = tmp_path / "data" / "sources"
    sources.mkdir(parents=True)
    (sources / "own.csv").write_text(
        "key,kind,citation,doi_or_url,licence,read_as\nours,dataset,Our notebook,,CC0,full text\n"
    )
    row = load().signs[0]
    (tmp_path / "data" / "notes.csv").write_text(
        f"sign,text,pattern,baseline,source\n{row.id},{row.text},ours\\b,0.1,ours: p. 3\n"
    )
    (source,) = cite("ours", tmp_path).sources
    assert [(t.table, t.rows) for t in source.tables] == [("notes", 1)]


def test_bibtex_has_one_entry_for_each_publication_with_balanced_braces():
    found = cite(None)
    text = to_bibtex(found)
    keys = re.findall(r"^@\w+\{([^,]+),$", text, re.M)
    assert keys == ["ringside", *(s.key for s in found.sources if s.kind != "judgement")]
    bare = re.sub(r"\\.", "", text)
    assert bare.count("{") == bare.count("}")


def test_bibtex_splits_off_authors_where_they_can_be_told():
    text = to_bibtex(cite("abdel-magid-1996"))
    assert "author = {A. F. Abdel-Magid and K. G. Carson and B. D. Harris and C. A. Maryanoff and R. D. Shah}" in text
    assert "year = {1996}" in text
    assert "doi = {10.1021/jo960057x}" in text
    assert "@software" not in text


def test_the_command_writes_the_forms_that_are_asked_for(tmp_path):
    run = CliRunner()
    shown = run.invoke(app, ["cite", "seed"])
    assert shown.exit_code == 0
    assert "how it was read: full text" in shown.output
    assert json.loads(run.invoke(app, ["cite", "seed", "--json", "-"]).output)["id"] == "seed"
    assert run.invoke(app, ["cite", "--bibtex", str(tmp_path / "all.bib")]).exit_code == 0
    assert (tmp_path / "all.bib").read_text(encoding="utf-8") == to_bibtex(cite(None))


def test_the_same_question_gives_the_same_bytes():
    assert to_json(cite("too-concentrated")) == to_json(cite("too-concentrated"))
