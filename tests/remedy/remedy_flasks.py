"""The analytic flask and the shipped cards live beside the diagnosis tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "diagnosis"))

from fake_flasks import *  # noqa: F403
from shipped_cards import *  # noqa: F403
