"""release.toml: what cannot be right is refused with a sentence that says what."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import GeneratorError
from generator.release import load_release

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "specs" / "release-3.0" / "release.toml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "release-3.0"
    folder.mkdir()
    (folder / "release.toml").write_text(text, encoding="utf-8")
    load_release(folder)


def test_the_release_is_read() -> None:
    release = load_release(ROOT / "specs" / "release-3.0")

    assert (release.name, release.version) == ("release-3.0", "3.0.0")
    assert [source.name for source in release.sources] == ["kubesphere", "crd"]
    assert {source.commit for source in release.sources} == {"60e58964a6864494f8ef083cabad3fde188f2160"}
    assert all(path.is_file() for path in (*release.overlays, release.names))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "3.0.0"', 'version = "3.0"', "version"),
        ('version = "3.0.0"', 'version = "3.0.0\\nx"', "version"),
        ('name = "release-3.0"', 'name = "../x"', "name"),
        ('commit = "60e5', 'commit = "60', "commit"),
        ('sha256 = "', 'sha256 = "x', "sha256"),
        ('path = "api/openapi-spec', 'path = "../openapi-spec', "path"),
        ('path = "api/openapi-spec', 'path = "/openapi-spec', "path"),
        ('path = "api/openapi-spec', 'path = "api/ks-openapi-spec', "path"),
        ('repository = "https', 'repository = "http', "repository"),
        ('writer = "go-restful"', 'writer = "swag"', "writer"),
        ('name = "crd"', 'name = "kubesphere"', "name"),
        ('title = "KubeSphere 3.0"', 'title = ""', "title"),
        ('title = "KubeSphere 3.0"', "", "title"),
        ('title = "KubeSphere 3.0"', 'title = "x"\nfoo = 1', "foo"),
        ('"overlays/*.yaml"', '"overlays/none.yaml"', "none.yaml"),
        ("[[sources]]", "[[sources", "cannot be read"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in GOOD

    with pytest.raises(GeneratorError, match=said):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_a_release_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"There is no release-9/release\.toml"):
        load_release(tmp_path / "release-9")
