"""What the UV detector of the synthetic instrument records."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ringside.chem.optical import NO_CHROMOPHORE, ChromophoreTable, uv_class
from ringside.evidence.setting import Setting
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray

REFERENCE = 254.0  # nm, the wavelength of the responses in chromophores.csv
MILLI = 1e3
LITRE_PER_S = 1e-3 / 60.0  # of one mL/min
WAVES = (1.0, 2.7)  # periods of the wander; their ratio makes it look irregular


def wavelengths(setting: Setting) -> FloatArray:
    """Return the wavelengths that are recorded [nm]."""
    return np.arange(setting.uv_low, setting.uv_high + 0.5 * setting.uv_step, setting.uv_step)


def spectrum_at(smiles: str, at: FloatArray, setting: Setting, table: ChromophoreTable) -> FloatArray:
    """Return the absorption of a molecule relative to an alkylbenzene at 254 nm.

    A band that has the molecule's response at 254 nm and has faded at its longest useful wavelength, on the end
    absorption that every molecule has. A band that does not reach 254 nm has its response at its top.
    """
    group, response, longest = uv_class(smiles, table)
    if group == NO_CHROMOPHORE:
        return np.asarray(
            setting.end_other * np.exp(-(at - setting.uv_low) / setting.end_other_decay), dtype=np.float64
        )
    total = setting.end_aromatic * np.exp(-(at - setting.uv_low) / setting.end_decay)
    reaches = longest >= REFERENCE
    edge = max(longest, REFERENCE + setting.uv_step) if reaches else longest
    top = REFERENCE + setting.band_place * (edge - REFERENCE) if reaches else longest - setting.band_below
    width = (edge - top) / math.sqrt(-2.0 * math.log(setting.band_edge))

    def band(x: FloatArray) -> FloatArray:
        side = np.where(x < top, width * setting.band_blue, width)
        return np.exp(-0.5 * ((x - top) / side) ** 2)

    unit = band(np.array([REFERENCE if reaches else top]))[0]
    return np.asarray(total + response * band(at) / unit, dtype=np.float64)


def areas(
    smiles: Sequence[str],
    amounts: FloatArray,
    at: FloatArray,
    setting: Setting,
    table: ChromophoreTable,
    *,
    seed: int,
) -> FloatArray:
    """Return the areas [mAU s] of molecules at wavelengths, shape (n, len(at)).

    Lambert and Beer in a stream: area = absorption x path x amount / flow, times the error of the response, which is one
    for a class of chromophores and one of each molecule.
    """
    if not smiles:
        return np.zeros((0, len(at)))
    spectra = np.array([spectrum_at(s, at, setting, table) for s in smiles])
    name = f"synthetic {seed}"
    groups = normals([f"uv:{uv_class(s, table)[0]}" for s in smiles], 2, name)[:, 1]
    own = normals([f"uv:{s}" for s in smiles], 2, name)[:, 1]
    error = np.exp(setting.uv_class_log_sd * groups + setting.uv_species_log_sd * own)
    unit = MILLI * setting.absorption * setting.path * setting.mol / (setting.flow * LITRE_PER_S)
    return np.asarray(unit * (amounts * error)[:, None] * spectra, dtype=np.float64)


def recorded(
    t: FloatArray, at: FloatArray, signal: FloatArray, setting: Setting, noise: np.random.Generator
) -> FloatArray:
    """Return the matrix that is recorded [mAU]: signal, baseline and noise, clipped at the ceiling.

    Args:
        t: Times [s], shape (n_times,).
        at: Wavelengths [nm], shape (n_wavelengths,).
        signal: What the molecules absorb [mAU], shape (n_times, n_wavelengths).
        setting: The instrument.
        noise: Random numbers.
    """
    since = np.clip((t - setting.dead_time) / setting.gradient_time, 0.0, 1.0)
    mixed = since * since * (3.0 - 2.0 * since)
    steep = np.exp(-(at - setting.uv_low) / setting.uv_gradient_decay)
    flat = np.exp(-(at - setting.uv_low) / setting.end_decay / setting.band_blue**2)
    front = (t - setting.dead_time - setting.drift) / setting.width_start
    phases = noise.uniform(0.0, 2.0 * math.pi, len(WAVES))
    turns = 2.0 * math.pi * t / setting.uv_wander_period
    wander = sum(np.sin(turns / wave + phase) for wave, phase in zip(WAVES, phases, strict=True))
    base = setting.uv_gradient * mixed[:, None] * steep
    base = base + setting.uv_front * (-front * np.exp(-0.5 * front * front))[:, None] * flat
    base = base + 0.5 * setting.uv_wander * np.asarray(wander)[:, None]
    hiss = setting.uv_noise * noise.standard_normal(signal.shape)
    return np.minimum(signal + base + hiss, setting.uv_ceiling)
