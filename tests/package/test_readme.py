"""The first example of both READMEs runs as a script of its own; the others are run with the pages of docs/."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kubesphere_client.testing import FakeKubeSphere
from tests.package.documentation import PUBLISHED

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "release-3.0"


@pytest.mark.parametrize("readme", [ROOT / "README.md", PACKAGE / "README.md"], ids=["project", "package"])
def test_the_first_example_lists_the_nodes(readme: Path) -> None:
    found = re.search(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert PUBLISHED in found[1]

    with FakeKubeSphere.demo() as fake:
        run = subprocess.run(
            [sys.executable, "-c", found[1].replace(PUBLISHED, fake.url)],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(PACKAGE / "src")},
            check=False,
        )

    assert (run.stdout, run.stderr) == ("node-3\nnode-2\nnode-1\n", "")
