"""Isotope patterns against sums done by hand, and against the plain double sum over all lines."""

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringside.chem.ions import common_mass, isotope_pattern
from ringside.chem.mass import hill
from ringside.errors import BadInput

ISOTOPES = {
    "C": ((12.0, 0.9893), (13.00335484, 0.0107)),
    "H": ((1.007825032, 0.999885), (2.014101778, 0.000115)),
    "B": ((10.012937, 0.199), (11.0093054, 0.801)),
    "Cl": ((34.96885268, 0.7578), (36.96590259, 0.2422)),
    "Br": ((78.9183371, 0.5069), (80.9162906, 0.4931)),
}


def heights(formula: str) -> list[float]:
    return [height for _, height in isotope_pattern(formula, 0)]


def test_bromine_is_two_lines_almost_alike_two_units_apart():
    (light, one), (heavy, other) = isotope_pattern("Br", 0)
    assert heavy - light == pytest.approx(1.99795, abs=1e-5)
    assert (one, other) == (1.0, pytest.approx(0.973, abs=5e-4))


def test_boron_ten_lies_below_boron_eleven_as_199_to_801():
    (light, small), (heavy, tall) = isotope_pattern("B", 0)
    assert heavy - light == pytest.approx(0.99637, abs=1e-5)
    assert small / tall == pytest.approx(199 / 801, abs=1e-4)


def test_boron_and_chlorine_multiply():
    assert heights("BCl") == pytest.approx([0.2484, 1.0, 0.0794, 0.3196], abs=3e-4)


def test_two_bromines_are_one_to_two_to_one_and_the_middle_is_the_highest():
    assert heights("Br2") == pytest.approx([0.514, 1.0, 0.486], abs=1e-3)


def test_four_chlorines_are_highest_two_units_above_the_lightest():
    lines = isotope_pattern("Cl4", 0)
    assert lines[1][1] == 1.0
    assert lines[0][1] == pytest.approx(0.7578 / (4 * 0.2422), abs=1e-3)
    assert lines[1][0] == pytest.approx(3 * 34.96885268 + 36.96590259, abs=1e-6)


def test_sixty_carbons_show_the_next_line_at_two_thirds():
    first, second, third = isotope_pattern("C60", 0)[:3]
    assert second[1] / first[1] == pytest.approx(60 * 0.0107 / 0.9893, rel=1e-6)
    assert third[1] / first[1] == pytest.approx(60 * 59 / 2 * (0.0107 / 0.9893) ** 2, rel=1e-6)
    assert second[0] - first[0] == pytest.approx(1.003355, abs=1e-6)


@pytest.mark.parametrize("element", ["F", "I", "P", "Na", "Al"])
def test_an_element_of_one_isotope_is_one_line(element):
    assert isotope_pattern(element, 0) == ((pytest.approx(common_mass(element)), 1.0),)


def by_plain_sum(counts: Mapping[str, int]) -> dict[int, tuple[float, float]]:
    """Return nominal offset to (mean mass, share), atom by atom."""
    lines: dict[int, tuple[float, float]] = {0: (0.0, 1.0)}
    for element, count in counts.items():
        for _ in range(count):
            grown: dict[int, tuple[float, float]] = {}
            for (k, (mass, share)), (own, part) in product(lines.items(), ISOTOPES[element]):
                at, both = k + round(own - common_mass(element)), share * part
                before, sum_before = grown.get(at, (0.0, 0.0))
                grown[at] = ((before * sum_before + (mass + own) * both) / (sum_before + both), sum_before + both)
            lines = grown
    return lines


@given(
    st.fixed_dictionaries(
        {"C": st.integers(1, 20), "H": st.integers(1, 20)}, optional={e: st.integers(1, 3) for e in ("B", "Cl", "Br")}
    )
)
def test_the_pattern_is_the_plain_sum_over_all_isotopes(counts):
    expected = by_plain_sum(counts)
    top = max(share for _, share in expected.values())
    wanted = [(mass, share / top) for _, (mass, share) in sorted(expected.items()) if share >= 1.001e-4 * top]
    found = [line for line in isotope_pattern(hill(counts), 0) if line[1] >= 1.001e-4]
    assert [h for _, h in found] == pytest.approx([h for _, h in wanted], abs=1e-6)
    assert [m for m, _ in found] == pytest.approx([m for m, _ in wanted], abs=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 3))
def test_charges_divide_masses_and_leave_heights(c, h, charge):
    neutral, ion = isotope_pattern(f"C{c}H{h}", 0), isotope_pattern(f"C{c}H{h}", charge)
    assert [x for _, x in ion] == [x for _, x in neutral]
    for (mass, _), (mz, _) in zip(neutral, ion, strict=True):
        assert mz * charge == pytest.approx(mass - charge * 0.00054858, abs=1e-6)


@pytest.mark.parametrize("text", ["", "CXx2", "benzene", "C5H12N2)"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(BadInput):
        isotope_pattern(text, 1)
