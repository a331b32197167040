"""What is isolated and what the instrument sees."""

from __future__ import annotations

from dataclasses import dataclass

from ringside.kinetics.nouns import FloatArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """Amounts [mol per mol limiting] of each species, shape (n_draws, n_species), columns as ``species``.

    ``amount``: end of the reaction, before quench. ``in_sample``: what is injected, after quench and at column pH.
    ``isolated``: after work-up (equals ``amount`` where no work-up is described). Species that appear only in the
    sample (an aldehyde from a hydrolysed imine) are columns as well.
    """

    species: tuple[str, ...]
    amount: FloatArray
    in_sample: FloatArray
    isolated: FloatArray
