import numpy as np
import pytest

from ringside.knowledge.load import load
from ringside.outcome.ph import aqueous_ph

TABLE = load().acidity
DIAZEPANE, TRIETHYLAMINE = "CN1CCCNCC1", "CCN(CC)CC"


def ph(**molar):
    names = {
        "hydrobromic": "Br",
        "base": TRIETHYLAMINE,
        "amine": DIAZEPANE,
        "carbonate": "O=C(O)O",
        "potassium": "[K+]",
    }
    species = tuple(names[k] for k in molar)
    return float(aqueous_ph(species, np.array([list(molar.values())]), TABLE)[0])


def test_nothing_but_water_is_neutral():
    assert float(aqueous_ph(("CCO",), np.array([[1.0]]), TABLE)[0]) == pytest.approx(7.0, abs=0.1)


def test_a_strong_acid_gives_its_own_concentration():
    assert ph(hydrobromic=0.01) == pytest.approx(2.0, abs=0.1)


def test_an_amine_half_held_as_its_salt_gives_its_pka():
    assert ph(base=0.2, hydrobromic=0.1) == pytest.approx(10.75, abs=0.2)


def test_the_salt_of_an_amine_is_more_acidic_than_the_amine():
    assert ph(amine=0.1, hydrobromic=0.2) < 5
    assert ph(amine=0.1) > 9


def test_potassium_carbonate_is_basic():
    assert 11 < ph(carbonate=0.1, potassium=0.2) < 12.5


def test_more_acid_never_gives_a_higher_ph():
    found = [ph(amine=0.1, base=0.1, hydrobromic=x) for x in (0.01, 0.05, 0.1, 0.15, 0.25, 0.4)]
    assert found == sorted(found, reverse=True)


def test_families_count_for_nothing():
    assert float(aqueous_ph(("family:x", "Br"), np.array([[1.0, 0.01]]), TABLE)[0]) == pytest.approx(2.0, abs=0.1)
