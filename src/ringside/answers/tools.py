"""What diagnosis and remedies borrow, built for one case."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from ringside.answers.channels import carries, way_of
from ringside.answers.flow import DRAWS, Simulation, Simulator, middle_flask, switched_off
from ringside.answers.worlds import world_of
from ringside.case.nouns import Case, Patch
from ringside.case.read import CaseTools, patch_case
from ringside.diagnosis.channels import events_of
from ringside.diagnosis.nouns import Channel
from ringside.diagnosis.toolbox import toolbox
from ringside.diagnosis.world import Toolbox, World
from ringside.errors import NoAnswer
from ringside.knowledge.base import Knowledge
from ringside.network.nouns import Rule
from ringside.remedy.costs import Price

BOC_FAMILY = "boc"
BOC_FEATURE = "boc-anhydride"


def case_tools(knowledge: Knowledge) -> CaseTools:
    """Return what reading a case borrows."""
    return CaseTools(knowledge.unknowns)


def toolbox_of(run: Simulator, knowledge: Knowledge, failed: list[str], glance: Simulator | None = None) -> Toolbox:
    """Return the toolbox of one case; its simulations are kept.

    Args:
        run: The simulation.
        knowledge: Features, catalogue and rules.
        failed: Takes up what could not be simulated.
        glance: The simulation for fewer draws than an answer has; ``run`` where left out.
    """

    def simulate(case: Case, n: int) -> Simulation:
        return (glance if glance is not None and n < DRAWS else run)(case, n)

    def world(case: Case, n: int) -> World:
        try:
            return world_of(simulate(case, n), knowledge)
        except NoAnswer as error:
            failed.append(error.complaints[0].text)
            raise

    def without(case: Case, channel: Channel, n: int) -> World | None:
        simulation = simulate(case, n)
        off = (
            events_of(channel, simulation.network, way) if (way := way_of(simulation, knowledge)) else frozenset[str]()
        )
        if not carries(simulation, off):
            return None
        try:
            return world_of(switched_off(simulation, off, n, knowledge), knowledge)
        except NoAnswer as error:
            failed.append(error.complaints[0].text)
            raise

    def patch(case: Case, patches: Sequence[Patch]) -> Case:
        return patch_case(case, patches, case_tools(knowledge))

    def structure(name: str) -> str | None:
        reagent = knowledge.catalogue.get(name)
        return reagent.smiles if reagent is not None else None

    return toolbox(
        world,
        without=without,
        patch=patch,
        structure=structure,
        flask=lambda case: middle_flask(case, knowledge),
        table=knowledge.features,
        boc=_boc(knowledge),
    )


def _boc(knowledge: Knowledge) -> tuple[Rule, str] | None:
    """Return the rule that puts Boc on an amine and the SMILES of its reagent."""
    rule = next((r for r in knowledge.rules if r.rate == BOC_FAMILY), None)
    reagent = knowledge.catalogue.get("Boc anhydride")
    return (rule, reagent.smiles) if rule is not None and reagent is not None and reagent.smiles is not None else None


def price_of(knowledge: Knowledge) -> Price:
    """Return a function that adds up what the charges of a case cost [EUR], None where a price is missing."""

    def price(case: Case) -> float | None:
        flask = middle_flask(case, knowledge)
        costs: list[float] = []
        for charge in case.recipe.charges:
            reagent = knowledge.catalogue.get(charge.name)
            if reagent is None or reagent.price is None:
                return None
            doses = [d.mol for d in flask.doses if d.name == charge.name]
            costs.append(max(doses, default=0.0) * reagent.price)
        return fsum(costs)  # exact, so that the order of the charges changes no bit

    return price
