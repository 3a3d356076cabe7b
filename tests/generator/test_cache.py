"""The cache is where the user's cache is, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator import cache


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    cache.keep(tmp_path / "cache" / "entry", b"data")

    assert cache.read(tmp_path / "cache" / "entry") == b"data"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["entry"]


def _relative(*_: object, **__: object) -> Path:
    return Path("~/.cache/ks-codegen")


def _refused(*_: object, **__: object) -> Path:
    raise RuntimeError("could not determine the home directory")


@pytest.mark.parametrize("answer", [_relative, _refused])
def test_for_a_user_without_a_home_nothing_is_kept(
    answer: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "user_cache_path", answer)
    monkeypatch.chdir(tmp_path)

    cache.keep(cache.folder() / "entry", b"data")

    assert cache.read(cache.folder() / "entry") is None
    assert list(tmp_path.iterdir()) == []
