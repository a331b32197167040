"""A flask as SBML (Level 3 Version 1), for COPASI, Tellurium and other programs that integrate mass action.

Amounts are in mol, volumes in L, times in s. What this project solves as an equation, the acidity, becomes a fast
relaxation of ln h towards it: d(ln h)/dt = -RELAXATION * balance / slope, so that any ODE solver can follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, log10
from xml.etree import ElementTree as ET

import numpy as np

from ringside.kinetics.compile import GAS, SOLID, Arrays, compile_network
from ringside.kinetics.ensemble import DIFFUSION_LIMIT, FIRST_ORDER_LIMIT, expanded
from ringside.kinetics.gases import RESERVOIR, Gas
from ringside.kinetics.nouns import Binding, RateLaw
from ringside.kinetics.rates import log10_k
from ringside.kinetics.schedule import Schedule, schedule
from ringside.kinetics.solver import GAS_CONSTANT, LOG_H_HIGH, LOG_H_LOW, REFERENCE_KELVIN
from ringside.network.nouns import Network
from ringside.recipe.nouns import Flask

NAMESPACE = "http://www.sbml.org/sbml/level3/version1/core"
MATHML = "http://www.w3.org/1998/Math/MathML"
TIME = "http://www.sbml.org/sbml/symbols/time"
RELAXATION = 1e3
FLOOR = 1e-18


def sbml(
    network: Network,
    flask: Flask,
    laws: Sequence[RateLaw],
    bindings: Mapping[str, Binding],
    *,
    dissolution: Mapping[str, tuple[float, float]],
    gases: Sequence[Gas] = (),
    labels: Mapping[str, str] | None = None,
    title: str = "",
) -> str:
    """Return a flask at its central rates as SBML text.

    Args:
        network: Species and reactions.
        flask: What is charged, when and how hot.
        laws: One rate law per reaction, in network order.
        bindings: Proton binding by species.
        dissolution: As for ``ensemble``.
        gases: As for ``ensemble``.
        labels: Names of species, by SMILES.
        title: Name of the model.

    Returns:
        XML text. Species are in mol; each is named by its label, its SMILES is in the notes.
    """
    whole = expanded(network, [flask], laws, bindings)
    network, (flask,), laws, bindings = whole.network, whole.flasks, whole.laws, whole.bindings
    solids = sorted({d.smiles for d in flask.doses if d.solid and d.smiles in dissolution and d.smiles})
    solids = [s for s in solids if s in network.species]
    gases = [g for g in gases if g.smiles in network.species]
    arrays = compile_network(network, laws, bindings, solids, [g.smiles for g in gases])
    plan = schedule(flask, arrays, [flask.time], {g.smiles: g.pressure * RESERVOIR for g in gases})
    log_k = [log10_k(law) for law in laws] + [dissolution[s][0] for s in solids]
    log_k += [v for g in gases for v in (g.log10_transfer + g.entry, g.log10_transfer)]
    energy = [law.ea for law in laws] + [0.0] * (len(log_k) - len(laws))
    names = [r.id for r in network.reactions]
    names += [f"dissolution of {s}" for s in solids] + [
        f"{w} of {g.smiles}" for g in gases for w in ("entry", "escape")
    ]
    return _Model(arrays, plan, flask.limiting, log_k, energy, names, labels or {}, title).text()


class _Model:
    """Builds one document."""

    def __init__(
        self,
        arrays: Arrays,
        plan: Schedule,
        limiting: float,
        log_k: Sequence[float],
        energy: Sequence[float],
        names: Sequence[str],
        labels: Mapping[str, str],
        title: str,
    ) -> None:
        self.arrays, self.plan, self.limiting = arrays, plan, limiting
        self.log_k, self.energy, self.names = log_k, energy, names
        self.labels, self.title = labels, title
        self.titrates = len(arrays.width) > 0
        self.warm = bool(np.ptp(np.concatenate([plan.kelvin_0, plan.kelvin_1])) > 0.0)

    def text(self) -> str:
        """Return the document."""
        ET.register_namespace("", NAMESPACE)
        root = ET.Element("sbml", xmlns=NAMESPACE, level="3", version="1")
        model = ET.SubElement(
            root, "model", id="flask_model", name=self.title, substanceUnits="mole", volumeUnits="litre",
            timeUnits="second", extentUnits="mole",
        )  # fmt: skip
        volume = float(self.plan.jump_v[0]) * self.limiting
        compartments = ET.SubElement(model, "listOfCompartments")
        ET.SubElement(
            compartments, "compartment", id="flask", spatialDimensions="3", size=repr(volume), constant="false"
        )
        self._species(ET.SubElement(model, "listOfSpecies"))
        parameters, rules = ET.Element("listOfParameters"), ET.Element("listOfRules")
        self._conditions(parameters, rules)
        self._acidity(parameters, rules)
        self._constants(parameters, rules)
        for part in (parameters, rules):
            if len(part):
                model.append(part)
        self._reactions(ET.SubElement(model, "listOfReactions"))
        self._events(model)
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def _species(self, parent: ET.Element) -> None:
        for i, state in enumerate(self.arrays.states):
            plain = state.removeprefix(SOLID).removeprefix(GAS)
            prefix = "undissolved " if state.startswith(SOLID) else "gas: " if state.startswith(GAS) else ""
            item = ET.SubElement(
                parent, "species", id=f"s{i}", name=prefix + self.labels.get(plain, plain), compartment="flask",
                initialAmount=repr(float(self.plan.jump[0, i]) * self.limiting), hasOnlySubstanceUnits="true",
                boundaryCondition="false", constant="false",
            )  # fmt: skip
            notes = ET.SubElement(item, "notes")
            ET.SubElement(notes, "p", xmlns="http://www.w3.org/1999/xhtml").text = state

    def _legs(self, values: Sequence[float]) -> object:
        """Return a quantity that is constant on each leg, as a function of time."""
        if len(set(values)) == 1:
            return values[0]
        pieces = [(v, ("lt", "time", float(end))) for v, end in zip(values[:-1], self.plan.breaks[1:-1], strict=True)]
        return ("piecewise", pieces, values[-1])

    def _conditions(self, parameters: ET.Element, rules: ET.Element) -> None:
        plan = self.plan
        if self.warm:
            _parameter(parameters, "kelvin", float(plan.kelvin_0[0]), constant=False)
            pieces: list[tuple[object, object]] = []
            for leg, (a, b) in enumerate(zip(plan.kelvin_0, plan.kelvin_1, strict=True)):
                start, end = float(plan.breaks[leg]), float(plan.breaks[leg + 1])
                slope = (float(b) - float(a)) / (end - start)
                value = ("plus", float(a), ("times", slope, ("minus", "time", start))) if slope else float(a)
                pieces.append((value, ("lt", "time", end)))
            _rule(rules, "assignmentRule", "kelvin", ("piecewise", pieces, float(plan.kelvin_1[-1])))
        growth = [float(v) * self.limiting for v in plan.feed_v]
        if any(growth):
            _rule(rules, "rateRule", "flask", self._legs(growth))

    def _acidity(self, parameters: ET.Element, rules: ET.Element) -> None:
        """Write ln h, the partition sum and bound protons of each base, and the shares that multiply rates."""
        if not self.titrates:
            return
        a = self.arrays
        _parameter(parameters, "ln_h", self._first_ln_h(), constant=False)
        _parameter(parameters, "h", 0.0, constant=False)
        _rule(rules, "assignmentRule", "h", ("exp", "ln_h"))
        bound: list[object] = [("times", "h", "flask")]
        slope: list[object] = [("times", "h", "flask")]
        for p in range(len(a.width)):
            beta = [float(b) for b in a.beta[p, : int(a.width[p])]]
            for name, weights in (
                ("z", beta),
                ("m", [k * b for k, b in enumerate(beta)]),
                ("q", [k * k * b for k, b in enumerate(beta)]),
            ):
                _parameter(parameters, f"{name}{p}", 0.0, constant=False)
                value = _horner(weights)
                _rule(rules, "assignmentRule", f"{name}{p}", value if name == "z" else ("divide", value, f"z{p}"))
            owner = f"s{int(a.owner_state[p])}"
            bound.append(("times", owner, f"m{p}"))
            slope.append(("times", owner, ("minus", f"q{p}", ("times", f"m{p}", f"m{p}"))))
        for f in range(len(a.poly)):
            weights = [float(w) for w in a.poly[f, : int(a.poly_width[f])]]
            _parameter(parameters, f"f{f}", 0.0, constant=False)
            share = ("divide", _horner(weights), f"z{int(a.poly_owner[f])}")
            _rule(rules, "assignmentRule", f"f{f}", share)
        balance = ("minus", ("plus", *bound), f"s{a.labile}")
        speed = ("divide", ("times", -RELAXATION, balance), ("plus", FLOOR, *slope))
        _rule(rules, "rateRule", "ln_h", speed)

    def _first_ln_h(self) -> float:
        """Return ln h that balances the protons at time 0, by bisection."""
        a = self.arrays
        y = self.plan.jump[0]
        volume = float(self.plan.jump_v[0])

        def balance(x: float) -> float:
            h = np.exp(x)
            total = h * volume - y[a.labile]
            for p in range(len(a.width)):
                w = a.beta[p, : int(a.width[p])] * h ** np.arange(int(a.width[p]))
                total += y[a.owner_state[p]] * float(w @ np.arange(len(w))) / float(w.sum())
            return float(total)

        low, high = LOG_H_LOW, LOG_H_HIGH
        for _ in range(200):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if balance(middle) > 0.0 else (middle, high)
        return 0.5 * (low + high)

    def _constants(self, parameters: ET.Element, rules: ET.Element) -> None:
        kelvin = float(self.plan.kelvin_0[0])
        for j, (value, ea) in enumerate(zip(self.log_k, self.energy, strict=True)):
            limit = DIFFUSION_LIMIT if self.arrays.r2[j] >= 0 else FIRST_ORDER_LIMIT
            scale = (1.0 / REFERENCE_KELVIN - 1.0 / kelvin) / (GAS_CONSTANT * log(10.0))
            moving = self.warm and ea != 0.0
            _parameter(parameters, f"k{j}", 10.0 ** min(value + ea * scale, limit), constant=not moving)
            if moving:
                exponent = ("divide", ("minus", 1.0 / REFERENCE_KELVIN, ("divide", 1.0, "kelvin")), GAS_CONSTANT)
                free = ("times", 10.0 ** min(value, 300.0), ("exp", ("times", ea, exponent)))
                top = 10.0**limit
                _rule(rules, "assignmentRule", f"k{j}", ("piecewise", [(free, ("lt", free, top))], top))

    def _reactions(self, parent: ET.Element) -> None:
        a = self.arrays
        for j in range(len(a.r1)):
            change = {int(a.row[e]): float(a.coef[e]) for e in range(int(a.ptr[j]), int(a.ptr[j + 1]))}
            factors: list[object] = [f"k{j}", f"s{int(a.r1[j])}"]
            if a.r2[j] >= 0:
                factors.append(("divide", f"s{int(a.r2[j])}", "flask"))
            factors += [f"f{int(f[j])}" for f in (a.f1, a.f2) if f[j] >= 0]
            used = {int(a.r1[j]), *([int(a.r2[j])] if a.r2[j] >= 0 else [])}
            _reaction(parent, f"r{j}", self.names[j], change, used, ("times", *factors))
        for i in range(len(a.states)):
            pace = [float(v) * self.limiting for v in self.plan.feed[:, i]]
            if any(pace):
                _reaction(parent, f"feed{i}", f"feed of {a.states[i]}", {i: 1.0}, set(), self._legs(pace))

    def _events(self, model: ET.Element) -> None:
        plan = self.plan
        found = [leg for leg in range(1, len(plan.fresh)) if plan.jump[leg].any() or plan.jump_v[leg]]
        if not found:
            return
        parent = ET.SubElement(model, "listOfEvents")
        for leg in found:
            event = ET.SubElement(parent, "event", id=f"e{leg}", useValuesFromTriggerTime="true")
            trigger = ET.SubElement(event, "trigger", initialValue="true", persistent="true")
            _math(trigger, ("geq", "time", float(plan.breaks[leg])))
            assignments = ET.SubElement(event, "listOfEventAssignments")
            added = {f"s{i}": float(v) * self.limiting for i, v in enumerate(plan.jump[leg]) if v}
            added |= {"flask": float(plan.jump_v[leg]) * self.limiting} if plan.jump_v[leg] else {}
            for name, value in added.items():
                _math(ET.SubElement(assignments, "eventAssignment", variable=name), ("plus", name, value))


def _horner(weights: Sequence[float]) -> object:
    value: object = weights[-1]
    for w in reversed(weights[:-1]):
        value = ("plus", w, ("times", "h", value))
    return value


def _parameter(parent: ET.Element, name: str, value: float, *, constant: bool) -> None:
    ET.SubElement(parent, "parameter", id=name, value=repr(float(value)), constant=str(constant).lower())


def _rule(parent: ET.Element, kind: str, variable: str, value: object) -> None:
    _math(ET.SubElement(parent, kind, variable=variable), value)


def _reaction(
    parent: ET.Element, name: str, title: str, change: Mapping[int, float], used: set[int], speed: object
) -> None:
    item = ET.SubElement(parent, "reaction", id=name, name=title, reversible="false", fast="false")
    for kind, sign in (("listOfReactants", -1.0), ("listOfProducts", 1.0)):
        some = {i: v * sign for i, v in sorted(change.items()) if v * sign > 0.0}
        if some:
            group = ET.SubElement(item, kind)
            for i, v in some.items():
                ET.SubElement(group, "speciesReference", species=f"s{i}", stoichiometry=repr(v), constant="true")
    rest = sorted(i for i in used if not change.get(i, 0.0) < 0.0)
    if rest:
        group = ET.SubElement(item, "listOfModifiers")
        for i in rest:
            ET.SubElement(group, "modifierSpeciesReference", species=f"s{i}")
    _math(ET.SubElement(item, "kineticLaw"), speed)


def _math(parent: ET.Element, value: object) -> None:
    _node(ET.SubElement(parent, "math", xmlns=MATHML), value)


def _node(parent: ET.Element, value: object) -> None:
    """Write a number, a name or a nested tuple (operator, operands) as MathML."""
    match value:
        case float() | int():
            exponent = int(f"{float(value):.17e}".partition("e")[2]) if value and abs(log10(abs(value))) > 5 else 0
            number = ET.SubElement(parent, "cn")
            if exponent:
                mantissa, _, power = f"{float(value):.16e}".partition("e")
                number.set("type", "e-notation")
                number.text = mantissa
                ET.SubElement(number, "sep").tail = str(int(power))
            else:
                number.text = f"{float(value):.17g}"
        case "time":
            ET.SubElement(parent, "csymbol", encoding="text", definitionURL=TIME).text = "time"
        case str():
            ET.SubElement(parent, "ci").text = value
        case ("piecewise", list(pieces), otherwise):
            item = ET.SubElement(parent, "piecewise")
            for then, when in pieces:
                piece = ET.SubElement(item, "piece")
                _node(piece, then)
                _node(piece, when)
            _node(ET.SubElement(item, "otherwise"), otherwise)
        case (str(operator), *operands):
            item = ET.SubElement(parent, "apply")
            ET.SubElement(item, operator)
            for operand in operands:
                _node(item, operand)
        case _:
            raise TypeError(f"no MathML for {value!r}")
