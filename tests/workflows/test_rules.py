"""The workflows keep their rules: least rights, no secret where a stranger's code runs, nothing unbounded or guessed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").iterdir())
# What an action needs to do its work; nobody else has more than to read the contents.
RIGHTS = {
    "actions/attest-build-provenance": {"attestations": "write", "id-token": "write"},
    "pypa/gh-action-pypi-publish": {"id-token": "write"},
}
MAY_WRITE = {
    ("drift", "propose"): {"contents": "write", "pull-requests": "write"},
    ("release", "announce"): {"contents": "write"},
}
USES = re.compile(r"[\w.-]+/[\w./-]+@(v\d+|release/v\d+|[0-9a-f]{40})")


def workflow(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # `on` is a word, not true
    return content


JOBS = [
    pytest.param(file.stem, name, job, id=f"{file.stem}-{name}")
    for file in FILES
    for name, job in workflow(file)["jobs"].items()
]


def steps(job: dict[str, Any], action: str) -> list[dict[str, Any]]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_has_no_rights_of_its_own_and_does_not_race_itself(file: Path) -> None:
    content = workflow(file)

    assert content["permissions"] == {}
    assert content["concurrency"]["group"]
    assert "cancel-in-progress" in content["concurrency"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_never_runs_a_strangers_code_with_rights_or_secrets(file: Path) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(workflow(file)["on"])
    assert "secrets." not in file.read_text()


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_a_job_has_the_rights_that_its_work_needs_and_an_end(file: str, name: str, job: dict[str, Any]) -> None:
    expected = next((rights for action, rights in RIGHTS.items() if steps(job, action)), {"contents": "read"})

    assert job["permissions"] == MAY_WRITE.get((file, name), expected)
    assert 0 < int(job["timeout-minutes"]) <= 60


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_a_job_that_may_write_sets_up_nothing_of_the_project(file: str, name: str, job: dict[str, Any]) -> None:
    if "write" in job["permissions"].values():
        runs = [step["run"] for step in job["steps"] if "run" in step]
        assert not [one for one in runs if re.search(r"make|pip|python|ks-codegen|\.ci/(?!propose)", one)]


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_no_checkout_leaves_its_token_behind(file: str, name: str, job: dict[str, Any]) -> None:
    for step in steps(job, "actions/checkout"):
        assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_an_action_stands_by_released_tag_or_digest(file: str, name: str, job: dict[str, Any]) -> None:
    for step in job["steps"]:
        assert "uses" not in step or USES.fullmatch(step["uses"])


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_nothing_from_outside_is_written_into_a_script(file: str, name: str, job: dict[str, Any]) -> None:
    for step in job["steps"]:
        assert "${{" not in step.get("run", "")


def test_a_workflow_has_one_version_of_an_action() -> None:
    used = set(re.findall(r"uses: (\S+)@(\S+)", "".join(file.read_text() for file in FILES)))

    assert len(used) == len({action for action, _ in used})


def test_the_token_is_given_to_single_steps_only() -> None:
    for file in FILES:
        content = workflow(file)
        for part in (content, *content["jobs"].values()):
            assert "token" not in json.dumps(part.get("env", {}))


def test_publishing_waits_for_an_environment_and_for_what_verifies() -> None:
    release = workflow(ROOT / ".github" / "workflows" / "release.yml")["jobs"]

    assert release["publish"]["environment"]
    assert set(release["publish"]["needs"]) == {"build", "attest"}
    assert [".ci/release" in step.get("run", "") for step in release["build"]["steps"]].count(True) == 1


def test_ci_names_each_step_of_the_gate_in_its_order() -> None:
    gate = subprocess.run([".ci/run", "--list"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    runs = [
        step.get("run", "") for step in workflow(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["gate"]["steps"]
    ]

    assert [run.removeprefix(".ci/run ") for run in runs if run.startswith(".ci/run")] == gate


def test_the_gate_refuses_a_step_that_it_does_not_know() -> None:
    done = subprocess.run([".ci/run", "tests"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "there is no step 'tests'; the steps are: setup check" in done.stderr


def test_the_lock_names_the_command_that_made_it_as_renovate_reads_it() -> None:
    header = (ROOT / "requirements.lock").read_text().split("annotated-doc")[0]
    written = re.search(r"^LOCK_COMMAND := (.*?[^\\])\n\n", (ROOT / "Makefile").read_text(), re.DOTALL | re.MULTILINE)

    assert written
    assert " ".join(written[1].replace("\\\n", " ").split()) in header
