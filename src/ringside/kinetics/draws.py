"""Common random numbers, keyed by name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from ringside.kinetics.nouns import FloatArray, RateLaw
from ringside.kinetics.posterior import ENERGY, NOTHING, Posterior


def normals(keys: Sequence[str], n: int, seed: str) -> FloatArray:
    """Return standard normal numbers, shape (len(keys), n).

    A row depends only on its key, the seed and the position of the draw: not on the other keys, nor on their order, and the first
    draws of a longer row are those of a shorter one. The first draw is 0, so that one draw is the central case.
    """
    out = np.empty((len(keys), n))
    for i, key in enumerate(keys):
        out[i] = _row(key, n, seed)
    if n:
        out[:, 0] = 0.0
    return out


@lru_cache(maxsize=4096)
def _row(key: str, n: int, seed: str) -> FloatArray:
    digest = hashlib.sha256(f"{seed}\x00{key}".encode()).digest()
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
    return np.asarray(ndtri(np.clip(generator.random(n), 1e-9, 1 - 1e-9)), dtype=np.float64)


def deviates(
    keys: Sequence[str],
    n: int,
    seed: str,
    posterior: Posterior = NOTHING,
    given: Mapping[str, FloatArray] | None = None,
) -> FloatArray:
    """Return deviations in standard deviations, shape (len(keys), n): independent, but for parts that were fitted together.

    Args:
        keys: Names of the quantities.
        n: Number of draws.
        seed: As for ``normals``.
        posterior: Fitted quantities, which keep their correlation.
        given: Independent deviates by key, shape (n,), in place of drawn ones; 0 for keys that are not there.
    """

    def independent(names: Sequence[str]) -> FloatArray:
        if given is None:
            return normals(names, n, seed)
        return np.array([given[k] if k in given else np.zeros(n) for k in names]).reshape(len(names), n)

    z = independent(keys)
    if posterior.keys:
        joint = dict(zip(posterior.keys, posterior.mixing() @ independent(posterior.keys), strict=True))
        for i, key in enumerate(keys):
            z[i] = joint.get(key, z[i])
    return z


def sample(
    laws: Sequence[RateLaw],
    n: int,
    seed: str,
    posterior: Posterior = NOTHING,
    given: Mapping[str, FloatArray] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return draws of log10 k at 298.15 K and of the activation energy [kJ/mol], both of shape (n, len(laws)).

    Args:
        laws: Rate laws, moved by ``learned_laws`` where there is a posterior.
        n: Number of draws.
        seed: As for ``normals``.
        posterior: As for ``deviates``.
        given: As for ``deviates``.
    """
    keys = rate_keys(laws)
    row = {key: i for i, key in enumerate(keys)}
    z = deviates(keys, n, seed, posterior, given)
    log_k = np.zeros((n, len(laws)))
    ea = np.zeros((n, len(laws)))
    for j, law in enumerate(laws):
        for t in law.terms:
            log_k[:, j] += t.value + t.sd * z[row[t.key]]
        ea[:, j] = np.maximum(law.ea + law.ea_sd * z[row[energy_key(law)]], 0.0) if law.terms else law.ea
    return log_k, ea


def energy_key(law: RateLaw) -> str:
    """Return the name of the deviation of a law's activation energy: reactions of one family share it."""
    return f"{ENERGY}{law.terms[0].key}"


def rate_keys(laws: Sequence[RateLaw]) -> list[str]:
    """Return the names of everything that is uncertain in laws, sorted."""
    return sorted({t.key for law in laws for t in law.terms} | {energy_key(law) for law in laws if law.terms})
