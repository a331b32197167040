"""The case file: reading, changing and writing it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from ringside.case.nouns import Case, Patch
from ringside.chem.molecule import canonical, components
from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.observed import read_observed
from ringside.recipe.collect import Collector, as_list, as_table, as_text
from ringside.recipe.parse import read_recipe
from ringside.record.toml import read_toml, to_toml, unknown_keys
from ringside.units import Span

TOP_KEYS = ("title", "target", "scale", "charge", "conditions", "workup", "observed", "round")
ROUND_KEYS = ("title", "target", "scale", "charge", "conditions", "workup", "observed")
_TITLE = 'a text in quotes, such as "Mono-benzylation of homopiperazine"'
_ROUND = "[[round]] tables with the keys that differ from the first run; [[round.charge]] by name"
_CHARGE_PATH = re.compile(r"^charge\[(.+)\](?:\.([a-z_]+))?$")


@dataclass(frozen=True, slots=True)
class CaseTools:
    """What reading a case borrows: ranges for unknown conditions."""

    priors: Mapping[str, Span]


def read_case(path: Path, tools: CaseTools) -> Case:
    """Return the case of a file.

    Raises:
        BadInput: With every complaint about it at once.
    """
    return case_from_raw(read_toml(path), tools, file=str(path), folder=path.parent)


def case_from_raw(raw: Mapping[str, Any], tools: CaseTools, *, file: str, folder: Path) -> Case:
    """Return the case of a parsed file.

    Args:
        raw: What the file says.
        tools: Ranges for unknown conditions.
        file: Named in complaints.
        folder: Where file names in it start.

    Raises:
        BadInput: With every complaint about it at once.
    """
    gather = Collector(file)
    gather.complaints += unknown_keys(raw, TOP_KEYS, file=file, field="")
    title = gather.attempt(
        lambda: as_text(raw.get("title", Path(file).stem or "untitled"), file=file, field="title", limit=_TITLE), ""
    )
    _structures(raw, gather)
    recipe = gather.attempt(lambda: read_recipe(raw, tools.priors, file=file), None)
    observed = gather.attempt(
        lambda: read_observed(raw["observed"], file=file, folder=folder) if "observed" in raw else None, None
    )
    if recipe is None or gather.complaints:
        raise BadInput(*_unique(gather.complaints))
    rounds = _rounds(raw, tools, file, folder)
    return Case(title, recipe, observed, rounds, copy.deepcopy(dict(raw)), file)


def _unique(complaints: Sequence[Complaint]) -> tuple[Complaint, ...]:
    """Return complaints once each, in their order."""
    return tuple(dict.fromkeys(complaints))


def _structures(raw: Mapping[str, Any], gather: Collector) -> None:
    """Gather a complaint for each SMILES that cannot be read."""
    items: object = raw.get("charge")
    for number, item in enumerate(cast("list[object]", items) if isinstance(items, list) else [], start=1):
        table = cast("Mapping[str, Any]", item) if isinstance(item, Mapping) else {}
        smiles = table.get("smiles")
        if isinstance(smiles, str) and smiles.strip():
            field = f"charge[{table.get('name', number)}].smiles"
            gather.attempt(partial(components, smiles, file=gather.file, field=field), ())
    if "target" in raw:
        gather.attempt(lambda: _target(raw["target"], gather.file), "")


def _target(value: object, file: str) -> str:
    text = as_text(value, file=file, field="target", limit='a SMILES in quotes, such as "C1CNCCN(C1)Cc1ccccc1"')
    return canonical(text, file=file, field="target")


def _rounds(raw: Mapping[str, Any], tools: CaseTools, file: str, folder: Path) -> tuple[Case, ...]:
    """Return the later rounds; complaints about all of them at once, each named by its round."""
    gather = Collector(file)
    items = gather.attempt(lambda: as_list(raw.get("round", []), file=file, field="round", limit=_ROUND), ())
    found: list[Case] = []
    for number, item in enumerate(items, start=1):
        try:
            table = as_table(item, file=file, field="", limit=_ROUND)
            found.append(case_from_raw(_merge(raw, table, file), tools, file=file, folder=folder))
        except BadInput as error:
            gather.complaints += (
                replace(c, field=".".join(filter(None, (f"round[{number}]", c.field)))) for c in error.complaints
            )
    gather.finish()
    return tuple(found)


def _merge(raw: Mapping[str, Any], item: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return the raw case of a later round: its tables laid over those of the first run, charges by name."""
    complaints = unknown_keys(item, ROUND_KEYS, file=file, field="")
    if complaints:
        raise BadInput(*complaints)
    merged = copy.deepcopy({k: v for k, v in raw.items() if k not in {"round", "observed"}})
    for key, value in item.items():
        if key == "charge":
            merged["charge"] = _merged_charges(merged.get("charge", []), value, file)
        elif isinstance(value, Mapping) and key in {"conditions", "workup"}:
            merged[key] = {**merged.get(key, {}), **cast("Mapping[str, Any]", value)}
        else:
            merged[key] = value
    return merged


def _merged_charges(charges: list[dict[str, Any]], changes: object, file: str) -> list[dict[str, Any]]:
    """Return charges with those of a round laid over them by name; a new name is a new charge, ``omit = true`` takes one out."""
    found = {c["name"]: c for c in charges}
    for number, item in enumerate(as_list(changes, file=file, field="charge", limit=_ROUND), start=1):
        change = as_table(item, file=file, field=f"charge[{number}]", limit=_ROUND)
        name = as_text(change.get("name"), file=file, field=f"charge[{number}].name", limit="the name of a charge")
        if "omit" in change:
            _omit(found, name, change, f"charge[{number}]", file)
        else:
            found[name] = {**found.get(name, {}), **change}
    return list(found.values())


def _omit(found: dict[str, dict[str, Any]], name: str, change: Mapping[str, Any], field: str, file: str) -> None:
    if change["omit"] is not True or len(change) > 2:
        text = "a charge that a round leaves out has nothing else beside its name"
        raise BadInput(Complaint("bad-omit", text, file, f"{field}.omit", str(change["omit"]), "omit = true"))
    if name not in found:
        text = "there is no such charge to leave out"
        raise BadInput(Complaint("unknown-charge", text, file, f"{field}.name", name, ", ".join(found)))
    del found[name]


def patch_case(case: Case, patches: Sequence[Patch], tools: CaseTools) -> Case:
    """Return the case with changes applied to its file, read again from scratch.

    Args:
        case: The case.
        patches: Changes in the words of the case file; ``new`` None takes a value out.
        tools: Ranges for unknown conditions.

    Raises:
        BadInput: If a path leads nowhere or the changed case is not valid.
    """
    raw = copy.deepcopy(dict(case.raw))
    for patch in patches:
        _apply(raw, patch, case.file)
    return case_from_raw(raw, tools, file=case.file, folder=Path(case.file).parent)


def _apply(raw: dict[str, Any], patch: Patch, file: str) -> None:
    charges = cast("list[dict[str, Any]]", raw.setdefault("charge", []))
    names = [str(c["name"]) for c in charges]
    path = patch.path
    if path == "charge[+]":
        if not isinstance(patch.new, Mapping):
            raise _nowhere(patch, file)
        charges.append(copy.deepcopy(dict(cast("Mapping[str, Any]", patch.new))))
        return
    match = _CHARGE_PATH.match(path)
    if match is not None:
        name, field = match.groups()
        if field and name in names:
            _put(charges[names.index(name)], field, patch.new)
        elif not field and name.startswith("-") and name[1:] in names:
            del charges[names.index(name[1:])]
        else:
            raise _nowhere(patch, file, names)
        return
    head, _, rest = path.partition(".")
    if not rest and head in TOP_KEYS:
        _put(raw, head, patch.new)
    elif rest and head in {"conditions", "workup", "observed"}:
        _put(cast("dict[str, Any]", raw.setdefault(head, {})), rest, patch.new)
    else:
        raise _nowhere(patch, file)


def _put(table: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = copy.deepcopy(value)


def _nowhere(patch: Patch, file: str, names: Sequence[str] = ()) -> BadInput:
    return bad_input(
        "bad-patch",
        "this path leads nowhere in the case",
        file=file,
        field=patch.path,
        value=repr(patch.new),
        limit="charge[NAME].FIELD, charge[+], charge[-NAME], conditions.FIELD, workup.FIELD, target, scale",
        next_step=f"the charges are {', '.join(names)}" if names else "correct the path",
    )


def write_case(case: Case) -> str:
    """Return the case as TOML text; reading it again gives the same case."""
    return to_toml(case.raw)
