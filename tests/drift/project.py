"""A small project whose published files a test writes: pinned at a commit, and others at the tip of the branch."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from generator.cli import main

ROOT = Path(__file__).parents[2]
COMMIT, NEXT = "a" * 40, "b" * 40
USERS = "/kapis/iam.kubesphere.io/v1alpha2/users"
USER = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
CRD: dict[str, Any] = {"swagger": "2.0", "info": {"title": "Test", "version": "1"}, "paths": {}}


def published(paths: dict[str, Any] | None = None, user: dict[str, Any] | None = None) -> dict[str, Any]:
    """A published file with the list of users, in which a test changes something."""
    answer = {"description": "ok", "schema": {"type": "array", "items": {"$ref": "#/definitions/v1.User"}}}
    listing = {"get": {"operationId": "ListUsers", "responses": {"200": answer}}}
    return {
        "swagger": "2.0",
        "info": {"title": "Test", "version": "1"},
        "produces": ["application/json"],
        "paths": {USERS: listing, **(paths or {})},
        "definitions": {"v1.User": user or USER},
    }


class Project:
    """The project `release-1.0` in a folder, with a mirror beside it."""

    def __init__(self, root: Path, *actions: dict[str, Any]) -> None:
        self.root = root
        self.specs = root / "specs" / "release-1.0"
        shutil.copytree(ROOT / "templates", root / "templates")
        for name in ("LICENSE", "NOTICE"):
            shutil.copy(ROOT / name, root)
        self.specs.mkdir(parents=True)
        shutil.copy(ROOT / "specs" / "names.toml", root / "specs")
        self.correct(*actions)
        self.publish(published(), COMMIT, "main")
        self._pin()

    def correct(self, *actions: dict[str, Any]) -> None:
        """Write the actions of the release's one overlay."""
        (self.specs / "overlays").mkdir(exist_ok=True)
        text = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nextends: ks.json\nactions:\n"
        text += "".join(f"  # {number}\n  - {json.dumps(one)}\n" for number, one in enumerate(actions, start=1))
        (self.specs / "overlays" / "ours.yaml").write_text(text)
        if not actions:
            (self.specs / "overlays" / "ours.yaml").unlink()

    def publish(self, document: Any, *versions: str) -> None:
        """Put the first file, and the second as it always is, into the mirror under some refs."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        for version in versions:
            folder = self.root / "mirror" / version
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "ks.json").write_bytes(data)
            (folder / "crd.json").write_text(json.dumps(CRD))

    def run(self, command: str, *options: str) -> Result:
        fixed = [
            "--root",
            str(self.root),
            "--release",
            "release-1.0",
            "--mirror",
            str(self.root / "mirror"),
            "--offline",
        ]
        return CliRunner().invoke(main, [command, *fixed, *options])

    def _pin(self) -> None:
        text = (
            "# What a person wrote stays.\n"
            'name = "release-1.0"\nversion = "1.0.0"\ntitle = "Test 1.0"\n'
            'overlays = ["overlays/*.yaml"]\nnames = "../names.toml"\n'
        )
        for name, writer in (("ks", "go-restful"), ("crd", "kube-openapi")):
            digest = hashlib.sha256((self.root / "mirror" / COMMIT / f"{name}.json").read_bytes()).hexdigest()
            text += (
                f'\n[[sources]]\nname = "{name}"\nwriter = "{writer}"\nrepository = "https://example.test/a/b"\n'
                f'ref = "main"\ncommit = "{COMMIT}"\npath = "{name}.json"\nsha256 = "{digest}"\n'
            )
        (self.specs / "release.toml").write_text(text)
