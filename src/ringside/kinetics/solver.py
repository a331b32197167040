"""The stiff integrator: ROS34PW2, a Rosenbrock-W method of order 3, over many draws at once.

State: amounts of the pools, the total of labile protons, amounts of undissolved solids. The Jacobian at fixed acidity
is sparse and is factorised in a fixed pattern without pivoting; what the moving proton equilibrium adds is of rank one
(Sherman and Morrison). Coefficients: Rang and Angermann, BIT 2005, 45, 761-787; their order conditions are a test.
"""

# ruff: noqa: ANN001, ANN201, ANN202, ANN401, PLR0912, PLR0915
# pyright: basic
# The kernels are typed by numba from their arguments, and pass arrays rather than objects for its sake.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, prange

GAMMA = 4.3586652150845900e-01
ALPHA = np.array(
    [
        [0.0, 0.0, 0.0, 0.0],
        [8.7173304301691801e-01, 0.0, 0.0, 0.0],
        [8.4457060015369423e-01, -1.1299064236484185e-01, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
    ]
)
GAMMAS = np.array(
    [
        [GAMMA, 0.0, 0.0, 0.0],
        [-8.7173304301691801e-01, GAMMA, 0.0, 0.0],
        [-9.0338057013044082e-01, 5.4180672388095326e-02, GAMMA, 0.0],
        [2.4212380706095346e-01, -1.2232505839045147e00, 5.4526025533510214e-01, GAMMA],
    ]
)
WEIGHTS = np.array([2.4212380706095346e-01, -1.2232505839045147e00, 1.5452602553351020e00, GAMMA])
EMBEDDED = np.array([3.7810903145819369e-01, -9.6042292212423178e-02, 5.0e-01, 2.1793326075422950e-01])

_INVERSE = np.linalg.inv(GAMMAS)
STAGE = ALPHA @ _INVERSE
CROSS = np.diag(np.full(4, 1.0 / GAMMA)) - _INVERSE
STEP = WEIGHTS @ _INVERSE
ERROR = (WEIGHTS - EMBEDDED) @ _INVERSE
TIMES = ALPHA.sum(axis=1)

GAS_CONSTANT = 8.31446261815324e-3
REFERENCE_KELVIN = 298.15
LOG_H_LOW, LOG_H_HIGH = -160.0, 7.0
NEGATIVE_STEPS = 30.0
FAST = {"contract", "reassoc", "arcp", "nsz"}
DONE, TOO_MANY_STEPS, STEP_TOO_SMALL = 0, 1, 2


def _compiled(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return njit with the on-disk cache, or without it where no folder can be written."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return njit(cache=True, error_model="numpy", **options)(function)
        except RuntimeError:
            return njit(error_model="numpy", **options)(function)

    return wrap


@_compiled(fastmath=FAST)
def _titrate(y, labile, volume, owner_state, width, beta, x, mean, weight):
    """Solve sum(c b(h)) + h = labile / V for x = ln h; fill each species' mean bound protons and partition sum.

    Returns:
        x and V times the slope of the balance; the slope is 0 where there is nothing to titrate.
    """
    n = owner_state.shape[0]
    low, high = LOG_H_LOW, LOG_H_HIGH
    if labile <= 1e-15:
        x = low
        high = low
    slope = 0.0
    for _ in range(80):
        h = np.exp(x)
        value = h * volume - labile
        slope = h * volume
        for p in range(n):
            top = width[p]
            z = beta[p, top - 1]
            first = (top - 1) * z
            second = (top - 1) * first
            for k in range(top - 2, -1, -1):
                w = beta[p, k]
                z = z * h + w
                first = first * h + k * w
                second = second * h + k * k * w
            m = first / z
            mean[p] = m
            weight[p] = z
            amount = max(y[owner_state[p]], 0.0)
            value += amount * m
            slope += amount * (second / z - m * m)
        if high <= low:
            return x, 0.0
        if value > 0.0:
            high = x
        else:
            low = x
        step = -value / slope if slope > 1e-290 else 100.0
        if abs(step) < 1e-9 or high - low < 1e-12:
            break
        new = x + step
        x = new if low < new < high else 0.5 * (low + high)
    return x, slope


@_compiled(fastmath=FAST)
def _speeds(y, volume, k, r1, r2, f1, f2, fraction, out):
    """Fill the rate of every reaction [mol per mol limiting per s]."""
    for j in range(k.shape[0]):
        v = k[j] * max(y[r1[j]], 0.0)
        if r2[j] >= 0:
            v *= max(y[r2[j]], 0.0) / volume
        if f1[j] >= 0:
            v *= fraction[f1[j]]
        if f2[j] >= 0:
            v *= fraction[f2[j]]
        out[j] = v


@_compiled(fastmath=FAST)
def _fractions(x, poly, poly_owner, poly_width, weight, mean, fraction, lean):
    """Fill each polynomial's share of its owner's partition sum, and d ln(share) / d ln h."""
    h = np.exp(x)
    for q in range(poly.shape[0]):
        top = poly_width[q]
        z = 0.0
        first = 0.0
        for k in range(top - 1, -1, -1):
            w = poly[q, k]
            z = z * h + w
            first = first * h + k * w
        owner = poly_owner[q]
        fraction[q] = z / weight[owner]
        lean[q] = (first / z if z > 0.0 else 0.0) - mean[owner]


@_compiled(fastmath=FAST)
def _gather(rate, ptr, row, coef, feed, out):
    """Fill dy/dt = S rate + feed; the entries of reaction j are ptr[j] to ptr[j + 1]."""
    for i in range(out.shape[0]):
        out[i] = feed[i]
    for j in range(rate.shape[0]):
        v = rate[j]
        for e in range(ptr[j], ptr[j + 1]):
            out[row[e]] += coef[e] * v


@_compiled(fastmath=FAST)
def _matrix(y, volume, k, r1, r2, f1, f2, fraction, ptr, coef, slot1, slot2, diagonal, diag_slot, lu):
    """Fill diagonal * I - S d(rate)/dy at fixed acidity."""
    for i in range(lu.shape[0]):
        lu[i] = 0.0
    for i in range(diag_slot.shape[0]):
        lu[diag_slot[i]] = diagonal
    for j in range(k.shape[0]):
        base = k[j]
        if f1[j] >= 0:
            base *= fraction[f1[j]]
        if f2[j] >= 0:
            base *= fraction[f2[j]]
        if r2[j] < 0:
            for e in range(ptr[j], ptr[j + 1]):
                lu[slot1[e]] -= coef[e] * base
        else:
            base /= volume
            d1 = base * max(y[r2[j]], 0.0)
            d2 = base * max(y[r1[j]], 0.0)
            for e in range(ptr[j], ptr[j + 1]):
                lu[slot1[e]] -= coef[e] * d1
                lu[slot2[e]] -= coef[e] * d2


@_compiled(fastmath=FAST)
def _factorise(lu, lu_ptr, lu_col, diag_slot, work):
    """Factorise row by row in the fixed pattern; L has a unit diagonal, the diagonal of U is stored inverted."""
    n = diag_slot.shape[0]
    for i in range(n):
        for s in range(lu_ptr[i], lu_ptr[i + 1]):
            work[lu_col[s]] = lu[s]
        for s in range(lu_ptr[i], diag_slot[i]):
            j = lu_col[s]
            f = work[j] * lu[diag_slot[j]]
            work[j] = f
            if f != 0.0:
                for t in range(diag_slot[j] + 1, lu_ptr[j + 1]):
                    work[lu_col[t]] -= f * lu[t]
        for s in range(lu_ptr[i], lu_ptr[i + 1]):
            lu[s] = work[lu_col[s]]
        lu[diag_slot[i]] = 1.0 / lu[diag_slot[i]]


@_compiled(fastmath=FAST)
def _solve(lu, lu_ptr, lu_col, diag_slot, place, b, work):
    """Solve in place; ``place`` is where each state stands in the elimination order."""
    n = diag_slot.shape[0]
    for i in range(n):
        work[place[i]] = b[i]
    for i in range(n):
        s = work[i]
        for t in range(lu_ptr[i], diag_slot[i]):
            s -= lu[t] * work[lu_col[t]]
        work[i] = s
    for i in range(n - 1, -1, -1):
        s = work[i]
        for t in range(diag_slot[i] + 1, lu_ptr[i + 1]):
            s -= lu[t] * work[lu_col[t]]
        work[i] = s * lu[diag_slot[i]]
    for i in range(n):
        b[i] = work[place[i]]


@_compiled(fastmath=FAST)
def _arrhenius(log_k, ea, limit, kelvin, out):
    scale = (1.0 / REFERENCE_KELVIN - 1.0 / kelvin) / (GAS_CONSTANT * np.log(10.0))
    for j in range(log_k.shape[0]):
        out[j] = 10.0 ** min(log_k[j] + ea[j] * scale, limit[j])


@_compiled(fastmath=FAST)
def _run(
    log_k, ea, limit, breaks, fresh, kelvin_0, kelvin_1, jump, jump_v, feed, feed_v,
    r1, r2, ptr, row, coef, f1, f2, slot1, slot2, lu_ptr, lu_col, diag_slot, place,
    labile, owner_state, width, beta, poly, poly_owner, poly_width,
    rtol, atol, max_steps, out_n, out_v, out_x, flux, peak,
):  # fmt: skip
    n = place.shape[0]
    m = log_k.shape[0]
    n_p = owner_state.shape[0]
    n_q = poly.shape[0]
    y, new, f, shift = np.zeros(n), np.empty(n), np.empty(n), np.zeros(n)
    u = np.empty((4, n))
    work = np.zeros(n)
    tangent = np.zeros(n)
    k, rate, rate_0 = np.empty(m), np.empty(m), np.empty(m)
    lu = np.empty(lu_col.shape[0])
    mean, weight = np.zeros(n_p), np.ones(n_p)
    fraction, lean = np.ones(n_q), np.zeros(n_q)
    volume = 0.0
    x = -30.0
    step = 0.0
    count = 0
    for leg in range(kelvin_0.shape[0]):
        for i in range(n):
            y[i] += jump[leg, i]
            peak[i] = max(peak[i], y[i])
        volume += jump_v[leg]
        length = breaks[leg + 1] - breaks[leg]
        ramp = kelvin_0[leg] != kelvin_1[leg]
        growth = feed_v[leg]
        _arrhenius(log_k, ea, limit, kelvin_0[leg], k)
        s = 0.0
        start = fresh[leg] or step == 0.0
        while s < length * (1.0 - 1e-12):
            count += 1
            if count > max_steps:
                return TOO_MANY_STEPS
            v = volume + growth * s
            if ramp:
                _arrhenius(log_k, ea, limit, kelvin_0[leg] + (kelvin_1[leg] - kelvin_0[leg]) * s / length, k)
            slope = 0.0
            if n_p > 0:
                x, slope = _titrate(y, y[labile], v, owner_state, width, beta, x, mean, weight)
                _fractions(x, poly, poly_owner, poly_width, weight, mean, fraction, lean)
            _speeds(y, v, k, r1, r2, f1, f2, fraction, rate_0)
            _gather(rate_0, ptr, row, coef, feed[leg], f)
            if start:
                fastest = 1e-300
                for i in range(n):
                    fastest = max(fastest, abs(f[i]) / (abs(y[i]) + atol / rtol))
                step = 0.3 * rtol ** (1.0 / 3.0) / fastest
                start = False
            whole = step
            last = s + step * 1.0000001 >= length
            if last:
                step = length - s
            bend = False
            if slope > 1e-30:
                for i in range(n):
                    tangent[i] = 0.0
                    shift[i] = 0.0
                for j in range(m):
                    d = 0.0
                    if f1[j] >= 0:
                        d += lean[f1[j]]
                    if f2[j] >= 0:
                        d += lean[f2[j]]
                    d *= rate_0[j]
                    if d != 0.0:
                        bend = True
                        for e in range(ptr[j], ptr[j + 1]):
                            tangent[row[e]] += coef[e] * d
                if bend:
                    for p in range(n_p):
                        shift[owner_state[p]] -= mean[p] / slope
                    shift[labile] += 1.0 / slope
            inverse = 1.0 / (step * GAMMA)
            _matrix(y, v, k, r1, r2, f1, f2, fraction, ptr, coef, slot1, slot2, inverse, diag_slot, lu)
            _factorise(lu, lu_ptr, lu_col, diag_slot, work)
            scale_1 = 0.0
            if bend:
                _solve(lu, lu_ptr, lu_col, diag_slot, place, tangent, work)
                dot = 0.0
                for i in range(n):
                    dot += shift[i] * tangent[i]
                scale_1 = 1.0 / (1.0 - dot)
            for stage in range(4):
                if stage > 0:
                    at = s + TIMES[stage] * step
                    vs = volume + growth * at
                    for i in range(n):
                        new[i] = y[i] + STAGE[stage, 0] * u[0, i]
                    for i in range(n):
                        for q in range(1, stage):
                            new[i] += STAGE[stage, q] * u[q, i]
                    if ramp:
                        _arrhenius(log_k, ea, limit, kelvin_0[leg] + (kelvin_1[leg] - kelvin_0[leg]) * at / length, k)
                    if n_p > 0:
                        x, _ = _titrate(new, new[labile], vs, owner_state, width, beta, x, mean, weight)
                        _fractions(x, poly, poly_owner, poly_width, weight, mean, fraction, lean)
                    _speeds(new, vs, k, r1, r2, f1, f2, fraction, rate)
                    _gather(rate, ptr, row, coef, feed[leg], f)
                    for q in range(stage):
                        cross = CROSS[stage, q] / step
                        for i in range(n):
                            f[i] += cross * u[q, i]
                for i in range(n):
                    u[stage, i] = f[i]
                _solve(lu, lu_ptr, lu_col, diag_slot, place, u[stage], work)
                if bend:
                    dot = 0.0
                    for i in range(n):
                        dot += shift[i] * u[stage, i]
                    dot *= scale_1
                    for i in range(n):
                        u[stage, i] += dot * tangent[i]
            error = 0.0
            deepest = 0.0
            for i in range(n):
                new[i] = y[i] + STEP[0] * u[0, i] + STEP[1] * u[1, i] + STEP[2] * u[2, i] + STEP[3] * u[3, i]
                e = ERROR[0] * u[0, i] + ERROR[1] * u[1, i] + ERROR[2] * u[2, i] + ERROR[3] * u[3, i]
                ratio = e / (atol + rtol * max(abs(y[i]), abs(new[i])))
                error += ratio * ratio
                deepest = min(deepest, new[i])
            error = np.sqrt(error / n)
            good = error <= 1.0 and deepest >= -NEGATIVE_STEPS * atol
            if good:
                for j in range(m):
                    flux[j] += step * 0.5 * (rate_0[j] + rate[j])
                for i in range(n):
                    y[i] = new[i]
                    peak[i] = max(peak[i], new[i])
                s = length if last else s + step
                growth_factor = min(5.0, 0.9 * max(error, 1e-4) ** (-1.0 / 3.0))
                step = max(whole, step * growth_factor) if last else step * growth_factor
            else:
                if error < 1e30:
                    step *= min(0.6, max(0.1, 0.9 * max(error, 1e-4) ** (-1.0 / 3.0)))
                else:
                    step *= 0.1
                if step < 1e-14 * (length + breaks[leg]) or step < 1e-16:
                    return STEP_TOO_SMALL
        volume += growth * length
        for i in range(n):
            out_n[leg, i] = y[i]
        out_v[leg] = volume
        out_x[leg] = x
    return DONE


@_compiled(parallel=True, fastmath=FAST)
def run_draws(
    log_k, ea, limit, breaks, fresh, kelvin_0, kelvin_1, jump, jump_v, feed, feed_v,
    r1, r2, ptr, row, coef, f1, f2, slot1, slot2, lu_ptr, lu_col, diag_slot, place,
    labile, owner_state, width, beta, poly, poly_owner, poly_width,
    rtol, atol, max_steps, out_n, out_v, out_x, flux, peak, status,
):  # fmt: skip
    """Integrate every draw; the arrays of the flask have one row, or one for each draw.

    Amounts are mol per mol limiting, volumes L per mol limiting. ``out_n`` has shape (n_draws, n_legs, n_states).
    """
    for d in prange(log_k.shape[0]):
        w = np.int64(d) if breaks.shape[0] > 1 else np.int64(0)
        status[d] = _run(
            log_k[d], ea[d], limit, breaks[w], fresh[w], kelvin_0[w], kelvin_1[w], jump[w], jump_v[w],
            feed[w], feed_v[w],
            r1, r2, ptr, row, coef, f1, f2, slot1, slot2, lu_ptr, lu_col, diag_slot, place,
            labile, owner_state, width, beta, poly, poly_owner, poly_width,
            rtol, atol, max_steps, out_n[d], out_v[d], out_x[d], flux[d], peak[d],
        )  # fmt: skip
