"""What measurements taught about rates: where it is kept, and how it moves laws and draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringside.errors import BadKnowledge, Complaint
from ringside.kinetics.nouns import FloatArray, RateLaw

ENERGY = "ea:"
LEAST = 0.02
SQUARE = 1e-6
DIGITS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Deviations of parts of rates from their tables, in standard deviations of the tables.

    ``keys`` are sorted; ``mean`` has shape (n,), ``covariance`` (n, n), ``source`` says what was fitted. Where nothing was
    measured the mean is 0 and the covariance 1.
    """

    keys: tuple[str, ...]
    mean: FloatArray
    covariance: FloatArray
    source: str = ""

    def spread(self) -> FloatArray:
        """Return the standard deviations, shape (n,)."""
        return np.sqrt(np.diag(self.covariance))

    def mixing(self) -> FloatArray:
        """Return the symmetric root of the correlation matrix: it turns independent draws into joint ones."""
        sd = self.spread()
        values, vectors = np.linalg.eigh(self.covariance / np.outer(sd, sd))
        return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T, dtype=np.float64)


NOTHING = Posterior((), np.zeros(0), np.zeros((0, 0)))


def learned_laws(laws: Sequence[RateLaw], posterior: Posterior) -> tuple[RateLaw, ...]:
    """Return laws with the fitted parts moved to their means and narrowed to their standard deviations."""
    if not posterior.keys:
        return tuple(laws)
    at = {
        key: (float(m), float(s)) for key, m, s in zip(posterior.keys, posterior.mean, posterior.spread(), strict=True)
    }
    found: list[RateLaw] = []
    for law in laws:
        terms = tuple(
            replace(
                t,
                value=t.value + t.sd * at[t.key][0],
                sd=t.sd * at[t.key][1],
                text=f"{t.text}; fitted to {posterior.source}",
            )
            if t.key in at
            else t
            for t in law.terms
        )
        mean, sd = at.get(f"{ENERGY}{law.terms[0].key}", (0.0, 1.0)) if law.terms else (0.0, 1.0)
        found.append(replace(law, terms=terms, ea=max(law.ea + law.ea_sd * mean, 0.0), ea_sd=law.ea_sd * sd))
    return tuple(found)


def joint_sd(weights: Mapping[str, float], posterior: Posterior) -> float:
    """Return the standard deviation of a weighted sum of deviates (as ``draws.deviates`` gives them)."""
    at = {k: i for i, k in enumerate(posterior.keys)}
    fitted = np.zeros(len(posterior.keys))
    free = 0.0
    for key, w in weights.items():
        if key in at:
            fitted[at[key]] = w
        else:
            free += w * w
    sd = posterior.spread()
    return float(np.sqrt(free + (fitted / sd) @ posterior.covariance @ (fitted / sd))) if at else float(np.sqrt(free))


def updated(before: Posterior, keys: Sequence[str], mean: FloatArray, covariance: FloatArray, source: str) -> Posterior:
    """Return what is known after one more fit, whose deviates were independent draws under ``before``.

    Args:
        before: What was known.
        keys: Keys of the fitted deviates, sorted.
        mean: Their means, shape (n,).
        covariance: Their covariance, shape (n, n).
        source: What was fitted.

    Returns:
        Deviations from the tables, to nine digits, so that a file gives them back exactly; parts that moved, narrowed and correlate by less than 0.02 are left out.
    """
    everything = sorted({*keys, *before.keys})
    rank = {k: i for i, k in enumerate(everything)}
    own, old = [rank[k] for k in keys], [rank[k] for k in before.keys]
    white_mean, white = np.zeros(len(everything)), np.eye(len(everything))
    white_mean[own] = mean
    white[np.ix_(own, own)] = covariance
    turn, start = np.eye(len(everything)), np.zeros(len(everything))
    if old:
        turn[np.ix_(old, old)] = before.spread()[:, None] * before.mixing()
        start[old] = before.mean
    new_mean, new = start + turn @ white_mean, turn @ white @ turn.T
    apart = np.abs(new - np.eye(len(everything))).max(axis=1)
    kept = [i for i in range(len(everything)) if abs(new_mean[i]) > LEAST or apart[i] > LEAST]
    names = [before.source] if before.source else []
    return Posterior(
        tuple(everything[i] for i in kept),
        np.round(new_mean[kept], DIGITS),
        np.round(new[np.ix_(kept, kept)], DIGITS),
        " and ".join(dict.fromkeys((*names, source))),
    )


def read_posterior(rows: Sequence[Mapping[str, str]]) -> Posterior:
    """Return what the table ``fitted`` holds: key, source, mean, then one column of the covariance for each key.

    Raises:
        BadKnowledge: If the covariance is not square, symmetric and positive.
    """
    if not rows:
        return NOTHING
    keys = tuple(r["key"] for r in rows)
    covariance = np.array([[float(r[k]) for k in keys] for r in rows])
    off = float(np.abs(covariance - covariance.T).max())
    if off > SQUARE or float(np.linalg.eigvalsh(covariance).min()) <= 0.0:
        raise BadKnowledge(
            Complaint(
                "bad-covariance",
                "the covariance of fitted rates must be symmetric and positive",
                file="data/fitted.csv",
                value=f"{off:.2g} off symmetry",
                next_step="run ringside fit again",
            )
        )
    return Posterior(keys, np.array([float(r["mean"]) for r in rows]), covariance, rows[0]["source"])


def posterior_rows(posterior: Posterior) -> list[list[str]]:
    """Return the table that ``read_posterior`` reads, header first."""
    body = [
        [k, posterior.source, repr(float(m)), *(repr(float(v)) for v in row)]
        for k, m, row in zip(posterior.keys, posterior.mean, posterior.covariance, strict=True)
    ]
    return [["key", "source", "mean", *posterior.keys], *body]
