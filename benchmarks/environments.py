"""Environments of their own for what is compared: made once below build/bench, and kept for the next run."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

from attrs import field, frozen

from benchmarks.rows import NotMeasured

_TABLE = Path(__file__).with_name("environments.toml")
_AT_ONCE = 4  # installations wait for the network most of the time
_LONGEST = 300


@frozen
class Environments:
    """The environments that are there, by name, and why others are not."""

    folder: Path
    reasons: dict[str, str] = field(factory=dict)

    def python(self, name: str) -> Path:
        """The interpreter of an environment.

        Raises:
            NotMeasured: it could not be made.
        """
        if name in self.reasons:
            raise NotMeasured(self.reasons[name])
        return _python(self.folder / name)

    def site(self, name: str) -> Path:
        """Where an environment has its packages."""
        return next((self.folder / name / "lib").glob("python3*")) / "site-packages"

    def versions(self, name: str) -> dict[str, str]:
        """The packages of an environment with their versions; none where it could not be made."""
        if name in self.reasons:
            return {}
        found = metadata.distributions(path=[str(self.site(name))])
        return dict(sorted((one.name, one.version) for one in found))


def prepare(folder: Path, wheel: Path, names: Iterable[str]) -> Environments:
    """Make the named environments, several at a time; what is there already and still right stays as it is."""
    table = tomllib.loads(_TABLE.read_text())
    environments = Environments(folder)

    def make(name: str) -> None:
        try:
            _make(folder / name, table[name], wheel)
        except NotMeasured as reason:
            environments.reasons[name] = str(reason)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(make, names))
    return environments


def build_wheel(package: Path, folder: Path) -> Path:
    """The wheel of the client package of a release."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(package)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def _make(folder: Path, wanted: dict[str, Any], wheel: Path) -> None:
    stamp = folder / ".ready"
    state = json.dumps([sys.version, wanted, _digest(wheel) if "wheel" in wanted else ""])
    if stamp.is_file() and stamp.read_text() == state:
        return
    venv.create(folder, clear=True, with_pip=False, symlinks=os.name != "nt")
    packages = list(wanted["packages"])
    if "wheel" in wanted:
        extra = wanted["wheel"].partition("[")[2].rstrip("]")
        if extra and not _has_extra(wheel, extra):
            raise NotMeasured(f"the package has no extra [{extra}]")
        packages.append(f"{wheel}[{extra}]" if extra else str(wheel))
    _pip(folder, "install", "--quiet", "--prefer-binary", *packages)
    stamp.write_text(state)


def _pip(folder: Path, *arguments: str) -> None:
    """Run pip, the one of this project's environment: those of the benchmarks have none."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(_python(folder)),
        "--disable-pip-version-check",
        "--no-input",
    ]
    try:
        done = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise NotMeasured("its packages could not be installed in five minutes") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        raise NotMeasured("its packages cannot be installed: " + (said[-1][7:] if said else "pip failed")[:160])


def _has_extra(wheel: Path, extra: str) -> bool:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return f"Provides-Extra: {extra}\n" in archive.read(metadata).decode()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"
