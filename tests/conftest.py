"""Where the fixtures come from."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong; a failure prints how to repeat it.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")

pytest.register_assert_rewrite("tests.support")

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]
