"""The first example of both READMEs runs as a script of its own; the others are run with the pages of docs/.

The package's README leads to every page, and the project's explains every extension that an overlay can write.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator import extensions
from kubesphere_client.testing import FakeKubeSphere
from tests.package.documentation import PUBLISHED
from tests.package.released import PACKAGE

ROOT = Path(__file__).parents[2]


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


def test_the_readme_of_the_package_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/[a-z]+\.md)\)", (PACKAGE / "README.md").read_text(encoding="utf-8")))

    assert linked == {f"docs/{page.name}" for page in (PACKAGE / "docs").glob("*.md")}


def test_the_readme_of_the_project_explains_every_extension() -> None:
    known = {word for words in extensions.KNOWN for word in words if word.startswith(("x-kubesphere-", "x-always-"))}
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert len(known) > 15
    assert {word for word in known if not re.search(rf"`{word}(: true)?`", text)} == set()
