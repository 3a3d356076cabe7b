"""Which generated package the tests are about: the main one, or the one that KUBESPHERE_TESTED_RELEASE names.

tests/package/test_other_releases.py runs the same tests again for each of the others.
"""

from __future__ import annotations

import os
from pathlib import Path

MAIN = "release-3.0"
GENERATED = Path(__file__).parents[2] / "generated"
PACKAGE = GENERATED / os.environ.get("KUBESPHERE_TESTED_RELEASE", MAIN)
