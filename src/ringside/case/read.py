"""The case file: reading, changing and writing it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ringside.case.nouns import Case, Patch
from ringside.chem.molecule import canonical, components
from ringside.errors import BadInput, Complaint, bad_input
from ringside.evidence.observed import read_observed
from ringside.recipe.parse import read_recipe
from ringside.record.toml import read_toml, to_toml, unknown_keys
from ringside.units import Span

TOP_KEYS = ("title", "target", "scale", "charge", "conditions", "workup", "observed", "round")
ROUND_KEYS = ("title", "target", "scale", "charge", "conditions", "workup", "observed")


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
    complaints = unknown_keys(raw, TOP_KEYS, file=file, field="")
    if not isinstance(raw.get("title", ""), str):
        complaints.append(Complaint("bad-title", "a title is text", file=file, field="title"))
    complaints += _structures(raw, file)
    recipe = observed = None
    try:
        recipe = read_recipe(raw, tools.priors, file=file)
    except BadInput as error:
        complaints += error.complaints
    try:
        if "observed" in raw:
            observed = read_observed(raw["observed"], file=file, folder=folder)
    except BadInput as error:
        complaints += error.complaints
    if complaints or recipe is None:
        raise BadInput(*complaints)
    rounds = tuple(
        case_from_raw(_merge(raw, item, file, number), tools, file=file, folder=folder)
        for number, item in enumerate(raw.get("round", []), start=1)
    )
    title = str(raw.get("title", Path(file).stem or "untitled"))
    return Case(title, recipe, observed, rounds, copy.deepcopy(dict(raw)), file)


def _structures(raw: Mapping[str, Any], file: str) -> list[Complaint]:
    """Return a complaint for each SMILES that cannot be read."""
    found: list[Complaint] = []
    charges = cast("list[Mapping[str, Any]]", raw.get("charge", []))
    named = [
        (f"charge[{c.get('name', i)}].smiles", c["smiles"]) for i, c in enumerate(charges, start=1) if "smiles" in c
    ]
    for field, smiles in named:
        try:
            components(str(smiles), file=file, field=field)
        except BadInput as error:
            found += error.complaints
    if "target" in raw:
        try:
            canonical(str(raw["target"]), file=file, field="target")
        except BadInput as error:
            found += error.complaints
    return found


def _merge(raw: Mapping[str, Any], item: Mapping[str, Any], file: str, number: int) -> dict[str, Any]:
    """Return the raw case of a later round: its tables laid over those of the first run, charges by name."""
    complaints = unknown_keys(item, ROUND_KEYS, file=file, field=f"round[{number}]")
    if complaints:
        raise BadInput(*complaints)
    merged = copy.deepcopy({k: v for k, v in raw.items() if k not in {"round", "observed"}})
    for key, value in item.items():
        if key == "charge":
            charges = {c["name"]: c for c in merged.get("charge", [])}
            for change in value:
                charges[change.get("name", "")] = {**charges.get(change.get("name", ""), {}), **change}
            merged["charge"] = list(charges.values())
        elif isinstance(value, Mapping) and key != "observed":
            merged[key] = {**merged.get(key, {}), **value}
        else:
            merged[key] = value
    return merged


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
    path = patch.path
    if path == "charge[+]":
        charges.append(copy.deepcopy(patch.new))
        return
    if path.startswith("charge["):
        name, _, field = path.removeprefix("charge[").rpartition("]")
        if not name:
            name, field = path.removeprefix("charge[").removesuffix("]"), ""
        if name.startswith("-") and not any(c["name"] == name for c in charges):
            raw["charge"] = [c for c in charges if c["name"] != name[1:]]
            return
        target = next((c for c in charges if c["name"] == name), None)
        if target is None:
            raise _nowhere(patch, file)
        _put(target, field.removeprefix("."), patch.new)
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


def _nowhere(patch: Patch, file: str) -> BadInput:
    return bad_input(
        "bad-patch",
        "this path leads nowhere in the case",
        file=file,
        field=patch.path,
        limit="charge[NAME].FIELD, charge[+], charge[-NAME], conditions.FIELD, workup.FIELD, target, scale",
    )


def write_case(case: Case) -> str:
    """Return the case as TOML text; reading it again gives the same case."""
    return to_toml(case.raw)
