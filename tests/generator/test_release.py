"""release.toml: what cannot be right is refused with a sentence that says what."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import GeneratorError
from generator.release import Release, load_release

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "specs" / "release-3.0" / "release.toml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> Release:
    folder = tmp_path / "release-3.0"
    folder.mkdir()
    for name in ("shared/a.yaml", "shared/last/b.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (folder / "release.toml").write_text(text, encoding="utf-8")
    return load_release(folder)


def test_the_release_is_read() -> None:
    release = load_release(ROOT / "specs" / "release-3.0")

    assert release.name == "release-3.0"
    assert release.version.startswith("3.0.")
    assert [source.name for source in release.sources] == ["kubesphere", "crd"]
    assert len({source.commit for source in release.sources}) == 1
    assert all(path.is_file() for path in (*release.overlays, release.names))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "3.0.', 'version = "3.', "version"),
        ('version = "3.0.', 'version = "3.0.0\\n', "version"),
        ('name = "release-3.0"', 'name = "../x"', "name"),
        ('commit = "', 'commit = "x', "commit"),
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
        ('"../shared/*.yaml"', '"../shraed/*.yaml"', "no overlay ../shraed"),
        ("[[sources]]", "[[sources", "cannot be read"),
        ("[[sources]]", "[without]\n[[sources]]", "without.* list of tables"),
        ("[[sources]]", '[[without]]\noverlay = "shared/a.yaml"\n[[sources]]', "without 1 has no `reason`"),
        ("[[sources]]", '[[without]]\noverlay = "a"\ntargets = []\nreason = "r"\n[[sources]]', "targets"),
        ("[[sources]]", '[[without]]\noverlay = "a"\ntargets = [1]\nreason = "r"\n[[sources]]', "targets"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in GOOD

    with pytest.raises(GeneratorError, match=said):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_an_overlay_that_two_patterns_name_is_applied_where_the_first_one_names_it(tmp_path: Path) -> None:
    release = load(tmp_path, GOOD.replace('["../shared/*.yaml"', '["../shared/last/b.yaml", "../shared/*.yaml"'))

    assert [release.overlay_name(path) for path in release.overlays] == ["shared/last/b.yaml", "shared/a.yaml"]


def test_an_overlay_of_another_release_is_not_called_like_one_of_its_own(tmp_path: Path) -> None:
    names = ("release-3.0/overlays/first/a.yaml", "release-2.9/overlays/a.yaml")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    text = GOOD.replace(
        '["../shared/*.yaml"', '["../release-2.9/overlays/*.yaml", "overlays/first/*.yaml", "../shared/*.yaml"'
    )
    (tmp_path / "shared" / "last").mkdir(parents=True)
    for name in ("shared/a.yaml", "shared/last/b.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "release-3.0" / "release.toml").write_text(text)
    release = load_release(tmp_path / "release-3.0")

    assert [release.overlay_name(path) for path in release.overlays] == [
        "release-2.9/overlays/a.yaml",
        "overlays/first/a.yaml",
        "shared/a.yaml",
        "shared/last/b.yaml",
    ]


def test_a_release_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"There is no release-9/release\.toml"):
        load_release(tmp_path / "release-9")
