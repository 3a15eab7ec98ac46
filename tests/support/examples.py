"""How many examples a test of hypothesis tries, and none of them against the clock; `make fuzz` tries more."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("quick", deadline=None)
settings.register_profile("long", max_examples=int(os.environ.get("EXAMPLES", "20000")), deadline=None)
settings.load_profile("long" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "quick")
