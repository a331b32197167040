"""Many spectra at once: sorted by m/z, profiles turned into centroids, empty signals dropped."""

from __future__ import annotations

import numpy as np

from ringside.kinetics.nouns import FloatArray

Pair = tuple[FloatArray, FloatArray]


def tidied(mz: FloatArray, intensity: FloatArray, sizes: np.ndarray, *, profile: bool) -> list[Pair]:
    """Return spectra with rising m/z and signals above zero.

    They are worked on end to end: files hold thousands of short ones.

    Args:
        mz: Of all spectra, one after the other, shape (n,).
        intensity: Same shape.
        sizes: Number of points of each, shape (n_spectra,); they add up to n.
        profile: Whether they are profiles, whose humps are to become centroids.

    Returns:
        (m/z, intensity) of each.
    """
    ends = np.cumsum(sizes)
    falls = np.flatnonzero(mz[1:] < mz[:-1]) + 1
    risen = bool(np.isin(falls, ends).all())
    if profile or not risen or not np.all(intensity > 0.0):
        owner = np.repeat(np.arange(len(sizes)), sizes)
        if not risen:
            order = np.lexsort((mz, owner))
            mz, intensity = mz[order], intensity[order]
        if profile:
            mz, intensity, owner = _humps(mz, intensity, owner)
        else:
            seen = intensity > 0.0
            mz, intensity, owner = mz[seen], intensity[seen], owner[seen]
        ends = np.searchsorted(owner, np.arange(len(sizes)), side="right")
    stops: list[int] = ends.tolist()
    return [(mz[a:b], intensity[a:b]) for a, b in zip([0, *stops[:-1]], stops, strict=True)]


def centroids(mz: FloatArray, intensity: FloatArray) -> Pair:
    """Return the centres and summed heights of the humps of one profile spectrum.

    A hump ends where the signal is zero or turns up again.
    """
    return tidied(mz, intensity, np.array([len(mz)]), profile=True)[0]


def _humps(mz: FloatArray, y: FloatArray, owner: np.ndarray) -> tuple[FloatArray, FloatArray, np.ndarray]:
    if not len(mz):
        return mz, y, owner
    fresh = y <= 0.0
    fresh[0] = True
    fresh[1:] |= owner[1:] != owner[:-1]
    fresh[1:-1] |= (y[1:-1] < y[:-2]) & (y[2:] >= y[1:-1]) & (owner[1:-1] == owner[2:])
    first = np.flatnonzero(fresh)
    total = np.add.reduceat(y, first)
    centre = np.add.reduceat(y * mz, first)
    kept = total > 0.0
    return centre[kept] / total[kept], total[kept], owner[first[kept]]
