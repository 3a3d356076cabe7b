"""The ledger of defects: what its checks mean, what it refuses, and how the report ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import checks, ledger, report
from generator.cli import main
from generator.errors import GeneratorError
from generator.lookup import Lookup
from tests.generator.documents import answers, document, operation, parameter, ref

ROOT = Path(__file__).parents[2]

PUBLISHED = "x-kubesphere-published-name"
SCHEMAS: dict[str, Any] = {
    "kubernetes.Pod": {
        "type": "object",
        "properties": {
            "metadata": ref("kubernetes.Meta"),
            "owner": {"anyOf": [ref("kubernetes.Meta"), {"type": "null"}], "description": "who"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "type": {"description": "a property that is called as a keyword is", "type": ["string", "null"]},
            "anything": {"description": "no type"},
            "point": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}]},
        },
        "required": ["metadata"],
        PUBLISHED: "io.k8s.api.core.v1.Pod",
    },
    "kubernetes.Meta": {"type": "object", "properties": {"name": {"type": ["string", "null"]}}, PUBLISHED: "v1.Meta"},
    "shared.List": {"type": "object", "properties": {"items": {"type": ["array", "null"], "items": {}}}},
    "a.Twin": {"type": "object", PUBLISHED: "x.v1.Twin"},
    "b.Twin": {"type": "object", PUBLISHED: "y.v1.Twin"},
    "shared.Circle": ref("shared.Circle"),
}
PODS = {"allOf": [ref("shared.List"), {"properties": {"items": {"items": ref("kubernetes.Pod")}}}]}
DOCUMENT = document(
    {
        "/pods/{name}": {
            "get": operation("pods", responses=answers(PODS), parameters=[parameter("page"), parameter("limit")]),
            "put": operation(
                "put",
                requestBody={"content": {"application/json": {"schema": ref("kubernetes.Pod")}}},
                responses={"200": {"description": "ok"}, "404": {"$ref": "#/components/responses/Missing"}},
            ),
        }
    },
    SCHEMAS,
)
DOCUMENT["components"]["responses"] = {
    "Missing": {"description": "gone", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
GET, PUT = "GET /pods/{name}", "PUT /pods/{name}"


def failure(**check: Any) -> str | None:
    return checks.read(check, "here").failure(Lookup(DOCUMENT))


HOLDS: list[dict[str, Any]] = [
    {"operation": GET, "present": True},
    {"operation": "GET /nowhere", "absent": True},
    {"operation": GET, "parameter": "page", "at": "$.schema.type", "is": "string"},
    {"operation": GET, "parameter": "continue", "absent": True},
    {"operation": GET, "parameter": "page", "at": "$.schema.default", "absent": True},
    {"operation": GET, "at": "$.parameters", "includes": ["limit"]},
    {"operation": GET, "at": "$.parameters", "only": ["limit", "page"]},
    {"operation": GET, "at": "$.responses", "excludes": ["default"]},
    {"operation": PUT, "at": "$.responses['200'].content", "absent": True},
    {"operation": PUT, "in": "body", "refers_to": "Pod"},
    {"operation": PUT, "in": "body", "property": "metadata", "refers_to": "v1.Meta"},
    {"operation": PUT, "in": "response 404", "says": {"type": "string"}},
    {"operation": PUT, "in": "response", "absent": True},
    {"operation": GET, "in": "response", "property": "items[]", "refers_to": "v1.Pod"},
    {"operation": GET, "in": "response", "property": "items[].metadata.name", "says": {"type": "string"}},
    {"operation": GET, "in": "response", "reaches": "v1.Meta"},
    {"schema": "io.k8s.api.core.v1.Pod", "present": True},
    {"schema": "v1.Pod", "property": "labels{}", "is": {"type": "string"}},
    {"schema": "Pod", "property": "owner", "refers_to": "Meta", "nullable": True},
    {"schema": "Pod", "property": "metadata", "nullable": False},
    {"schema": "Meta", "property": "name", "nullable": True},
    {"schema": "Pod", "property": "anything", "nullable": True},
    {"schema": "Pod", "says": {"properties": {"type": {"type": "string"}}}},
    {"schema": "Pod", "property": "phase", "absent": True},
    {"operation": GET, "in": "response", "property": "items[]", "has": ["metadata.name", "labels{}", "point"]},
    {"schema": "Pod", "property": "owner", "at": "$.properties.name.type", "includes": ["null"]},
    {"schema": "Pod", "at": "$.required[?@=='owner']", "absent": True},
    {"schema": "Pod", "says": {"properties": {"owner": {"properties": {"name": {"type": "string"}}}}}},
    {"schema": "Pod", "property": "point", "says": {"prefixItems": [{"type": "number"}, {}]}},
    {"schema": "Pod", "at": "$.properties", "refers_to": {"metadata": "Meta", "owner": "Meta"}},
    {"schema": "x.v1.Twin", "present": True},
    {"schema": "Gone", "absent": True},
    {"at": "$.info.version", "is": "1.0.0"},
    {"at": "$.paths[*][?@.deprecated]", "absent": True},
]


@pytest.mark.parametrize("check", HOLDS, ids=str)
def test_a_check_holds(check: dict[str, Any]) -> None:
    assert failure(**check) is None


FAILS: list[tuple[dict[str, Any], str]] = [
    ({"operation": "GET /nowhere", "at": "$.security", "absent": True}, "there is no such operation"),
    ({"operation": GET, "absent": True}, "there is {"),
    ({"operation": "GET /nowhere", "parameter": "page", "absent": True}, "there is no such operation"),
    ({"operation": GET, "parameter": "sort", "at": "$.schema.default", "absent": True}, "there is no parameter sort"),
    ({"operation": GET, "parameter": "page", "absent": True}, "there is {"),
    ({"operation": GET, "parameter": "page", "at": "$.required", "is": 0}, "it is false"),
    ({"operation": GET, "at": "$.security", "is": []}, "nothing is at $.security"),
    ({"operation": GET, "at": "$.parameters", "includes": ["page", "sort"]}, "there is no sort"),
    ({"operation": GET, "at": "$.parameters", "excludes": ["page"]}, "there is page"),
    ({"operation": GET, "at": "$.parameters", "only": ["page"]}, 'there is ["page", "limit"]'),
    ({"operation": GET, "at": "$.operationId", "includes": ["p"]}, 'it is "pods"'),
    ({"operation": GET, "in": "body", "present": True}, "there is no schema for the body"),
    ({"operation": PUT, "in": "response", "present": True}, "there is no schema for the response of a success"),
    ({"operation": PUT, "in": "body", "refers_to": "Meta"}, "it refers to kubernetes.Pod"),
    ({"operation": GET, "in": "response", "property": "items[]", "refers_to": "Meta"}, "it refers to kubernetes.Pod"),
    ({"operation": GET, "in": "response", "reaches": "Twin"}, "it reaches"),
    ({"schema": "v1.Twin", "present": True}, "2 schemas are called so: a.Twin, b.Twin"),
    ({"schema": "Pod", "absent": True}, "there is {"),
    ({"schema": "Pod", "property": "spec.nodeName", "absent": True}, "there is no spec"),
    ({"schema": "Pod", "property": "labels", "absent": True}, "there is {"),
    ({"schema": "Pod", "property": "labels[]", "present": True}, "there is no labels[]"),
    ({"schema": "Pod", "has": ["metadata.name", "metadata.uid", "spec.nodeName"]}, "no metadata.uid, spec.nodeName"),
    ({"operation": GET, "at": "$.operationId", "has": ["a"]}, 'it is "pods"'),
    ({"schema": "Pod", "property": "metadata", "nullable": True}, "it is {"),
    ({"schema": "Pod", "property": "labels", "refers_to": "Meta"}, "it refers to nothing"),
    ({"schema": "Pod", "at": "$.properties", "refers_to": {"metadata": "Meta", "spec": "Spec"}}, "spec: it is missing"),
    ({"schema": "Pod", "says": {"properties": {"spec": {}}}}, "properties has no spec, but metadata, owner"),
    ({"schema": "Pod", "property": "owner", "says": {"properties": {"name": {"type": "integer"}}}}, "name.type is"),
    ({"schema": "Pod", "property": "point", "says": {"prefixItems": [{"type": "number"}]}}, "prefixItems is ["),
    ({"schema": "Circle", "says": {"type": "object"}}, "its references go in a circle"),
    ({"at": "$.components.schemas[*].type", "is": "string"}, 'it is "object"'),
]


@pytest.mark.parametrize(("check", "instead"), FAILS, ids=str)
def test_a_check_fails_and_says_what_is_there_instead(check: dict[str, Any], instead: str) -> None:
    assert instead in str(failure(**check))


CAUSE = '[[cause]]\nname = "n"\ntitle = "t"\nrepair = "r"\n'
ROW = 'id = "KS-0001", where = "GET /a param b", kind = "k", severity = "cosmetic"'


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "defects.toml").write_text(text)
    return folder


def one(*more: str) -> str:
    return f"occurrences = [{{ {', '.join((ROW, *more))} }}]\n"


def test_a_check_of_the_cause_is_filled_in_for_each_occurrence(tmp_path: Path) -> None:
    text = (
        CAUSE
        + 'check = [{ operation = "{operation}", parameter = "{parameter}", at = "$.{what}", is = "{value}" }]\n'
        + f'occurrences = [{{ {ROW}, what = "default", value = false }},\n'
        + '{ id = "KS-0002", where = "GET /a/{x} param c", kind = "k", severity = "cosmetic", what = "x", value = 1 }]'
    )

    first, second = ledger.load(written(tmp_path, text))

    assert [one.place() for one in (*first.checks, *second.checks)] == ["GET /a b $.default", "GET /a/{x} c $.x"]
    assert [one.expectations for one in (*first.checks, *second.checks)] == [(("is", False),), (("is", 1),)]


def test_the_definition_of_an_occurrence_gives_schema_and_property(tmp_path: Path) -> None:
    text = CAUSE + (
        'check = [{ schema = "{schema}", property = "{property}", present = true }]\noccurrences = ['
        '{ id = "KS-0001", where = "definition devops.Run.steps.size", kind = "k", severity = "cosmetic" },'
        '{ id = "KS-0002", where = "definition .run.size", kind = "k", severity = "cosmetic", schema = "devops.Run" }]'
    )

    assert [check.place() for defect in ledger.load(written(tmp_path, text)) for check in defect.checks] == [
        "devops.Run.steps size",
        "devops.Run size",
    ]


def test_braces_of_a_path_are_doubled_in_a_check_of_the_cause(tmp_path: Path) -> None:
    text = CAUSE + 'check = [{ operation = "GET {base}/{{name}}", present = true }]\n' + one('base = "/a/{b}"')
    (defect,) = ledger.load(written(tmp_path, text))
    assert [check.operation for check in defect.checks] == ["GET /a/{b}/{name}"]


def test_an_occurrences_own_check_stands_for_that_of_the_cause(tmp_path: Path) -> None:
    text = CAUSE + 'check = [{ at = "$.cause", present = true }]\n' + one('check = [{ at = "$.own", present = true }]')
    (defect,) = ledger.load(written(tmp_path, text))
    assert [check.place() for check in defect.checks] == ["$.own"]


CHECK = 'check = [{ at = "$", present = true }]'
MALFORMED = [
    ("nothing = 1", "has a key 'nothing' that means nothing"),
    ("", "has no cause"),
    ("cause = 1", "has no cause"),
    ("[[cause]", "cannot be read"),
    (CAUSE, "has no `occurrences`"),
    (CAUSE + "occurrences = []", "has no `occurrences`"),
    ('[[cause]]\nname = "n"\n' + one(CHECK), "`title` is not None"),
    (CAUSE + "note = 1\n" + one(CHECK), "has a key 'note' that means nothing"),
    (CAUSE + one(CHECK) + CAUSE + one(CHECK).replace("0001", "0002"), "the cause n stands 2 times"),
    (CAUSE + one(CHECK) + CAUSE.replace('"n"', '"m"') + one(CHECK), "the id KS-0001 stands 2 times"),
    (CAUSE + one(CHECK).replace("KS-0001", "KS-1"), "has no `id` such as KS-0001"),
    (CAUSE + "occurrences = [1]", "has no `id` such as KS-0001"),
    (CAUSE + one(CHECK).replace("cosmetic", "bad"), "severity is not 'bad'"),
    (CAUSE + one(CHECK).replace('where = "GET /a param b"', 'where = ""'), "`where` is not ''"),
    (CAUSE + one(CHECK, 'tset = "x"'), "has a key 'tset' that means nothing"),
    (CAUSE + one(), "has neither a check nor a test nor a reason"),
    (CAUSE + one(CHECK, 'left = "why"'), "is left and proven"),
    (CAUSE + one('left = ""'), "`left` is not ''"),
    (CAUSE + one('test = "test_it"'), "`test` is not 'test_it'"),
    (CAUSE + one('test = ["tests/a.py::test_it", 1]'), "`test` is not"),
    (CAUSE + one("check = 1"), "`check` is a list of tables"),
    (CAUSE + one("check = [1]"), "a check is a table"),
    (CAUSE + 'check = [{ at = "$.{size}", present = true }]\n' + one(), "nothing gives {size} a value"),
    (CAUSE + one('check = [{ at = "$[", present = true }]'), "is not RFC 9535 JSONPath"),
    (CAUSE + one('check = [{ at = "$.a[?@.b =~ /c/]", present = true }]'), "is not RFC 9535 JSONPath"),
    (CAUSE + one('check = [{ at = "$" }]'), "a check expects nothing"),
    (CAUSE + one("check = [{ present = true }]"), "a check says nowhere to look"),
    (CAUSE + one("check = [{ at = 1, present = true }]"), "'at' is not 1"),
    (CAUSE + one('check = [{ at = "$", exists = true }]'), "a check has no key 'exists'"),
    (CAUSE + one('check = [{ at = "$", present = false }]'), "'present' cannot be False"),
    (CAUSE + one('check = [{ at = "$", has = ["a["] }]'), "'has' cannot be ['a[']"),
    (CAUSE + one('check = [{ at = "$", includes = [] }]'), "'includes' cannot be []"),
    (CAUSE + one('check = [{ at = "$", is = 2020-01-01 }]'), "'is' cannot be datetime.date"),
    (CAUSE + one('check = [{ at = "$", is = [inf] }]'), "'is' cannot be [inf]"),
    (CAUSE + one('check = [{ at = "$", refers_to = { a = 1 } }]'), "'refers_to' cannot be {'a': 1}"),
    (CAUSE + one('check = [{ at = "$", absent = true, is = 1 }]'), "what is absent has no other quality"),
    (CAUSE + one('check = [{ operation = "GET /a", schema = "A", present = true }]'), "in an operation or in a schema"),
    (CAUSE + one('check = [{ schema = "A", parameter = "a", present = true }]'), "are parts of an operation"),
    (CAUSE + one('check = [{ operation = "GET /a", in = "answer", present = true }]'), "`in` is not 'answer'"),
    (CAUSE + one('check = [{ operation = "GET /a", property = "a", present = true }]'), "starts at a schema"),
    (CAUSE + one('check = [{ schema = "A", property = "a[", present = true }]'), "is no path of properties"),
]


@pytest.mark.parametrize(("text", "says"), MALFORMED, ids=[says for _, says in MALFORMED])
def test_a_malformed_ledger_is_refused(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError) as caught:
        ledger.load(written(tmp_path, text))
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3


def test_a_release_without_a_ledger_says_so(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"There is no .*/defects\.toml"):
        ledger.load(tmp_path)


TESTS = "def test_it():\n    pass\n\n\nclass TestThem:\n    async def test_all(self):\n        pass\n"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("tests/test_a.py::test_it", report.REPAIRED),
        ("tests/test_a.py::test_it[1-b]", report.REPAIRED),
        ("tests/test_a.py::TestThem::test_all", report.REPAIRED),
        ("tests/test_a.py::test_all", report.FAILING),
        ("tests/test_a.py::test_them", report.FAILING),
        ("tests/test_b.py::test_it", report.FAILING),
    ],
)
def test_a_test_proves_a_repair_where_it_exists(name: str, state: str, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(TESTS)
    defects = ledger.load(written(tmp_path / "specs", CAUSE + one(f'test = "{name}"')))
    assert [result.state for result in report.run(defects, DOCUMENT, root=tmp_path).results] == [state]


DEFECTS = (
    CAUSE
    + """occurrences = [
  { id = "KS-0001", where = "top", kind = "number", severity = "wrong-type", check = [{ at = "$.info.version", is = "1" }] },
  { id = "KS-0002", where = "top", kind = "title", severity = "cosmetic", left = "nobody reads it" },
]
"""
)


class Project:
    """A folder with what the command reads of a project."""

    def __init__(self, root: Path, *, version: str, defects: str = DEFECTS) -> None:
        self.root = root
        (root / "templates").mkdir()
        shutil.copytree(ROOT / "specs", root / "specs")
        written(root / "specs" / "release-3.0", defects)
        self.document = root / "generated" / "release-3.0" / "openapi.json"
        self.document.parent.mkdir(parents=True)
        self.publish(version)

    def publish(self, version: str) -> None:
        self.document.write_text(json.dumps({**document(), "info": {"title": "t", "version": version}}))

    def report(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["report", "--root", str(self.root), *arguments])


def test_the_report_ends_0_where_all_is_repaired_or_left(tmp_path: Path) -> None:
    result = Project(tmp_path, version="1").report("-v")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "kind    repaired  left  failing",
        "number         1     0        0",
        "title          0     1        0",
        "total          1     1        0",
        "",
        "severity    repaired  left  failing",
        "wrong-type         1     0        0",
        "cosmetic           0     1        0",
        "total              1     1        0",
        "",
        "KS-0002 cosmetic, left: top",
        "    nobody reads it",
    ]


def test_the_report_ends_1_where_a_check_fails_and_shows_it(tmp_path: Path) -> None:
    result = Project(tmp_path, version="2").report()

    assert result.exit_code == 1
    assert result.output.splitlines()[-4:] == [
        "KS-0001 wrong-type: top",
        "  $.info.version",
        '    wanted: is "1"',
        '    found:  it is "2"',
    ]


def test_the_report_can_be_json(tmp_path: Path) -> None:
    result = Project(tmp_path, version="2").report("--json")

    found = json.loads(result.output)
    assert result.exit_code == 1
    assert found["by_severity"] == {
        "cosmetic": {"repaired": 0, "left": 1, "failing": 0},
        "wrong-type": {"repaired": 0, "left": 0, "failing": 1},
    }
    assert [(defect["id"], defect["state"]) for defect in found["defects"]] == [
        ("KS-0001", "failing"),
        ("KS-0002", "left"),
    ]


def test_another_document_can_be_named(tmp_path: Path) -> None:
    project = Project(tmp_path, version="1")
    other = tmp_path / "other.json"
    project.document.rename(other)
    project.publish("2")

    assert project.report("--document", str(other)).exit_code == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"{", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[]", "is no OpenAPI document"),
        (b'{"paths": []}', "is no OpenAPI document"),
        (json.dumps({**document(), "paths": {"/a": {"get": None}}}).encode(), "Not OpenAPI 3.1"),
    ],
)
def test_the_report_ends_2_where_the_document_cannot_be_checked(
    content: bytes | None, says: str, tmp_path: Path
) -> None:
    project = Project(tmp_path, version="1")
    project.document.unlink()
    if content is not None:
        project.document.write_bytes(content)

    result = project.report()

    assert result.exit_code == 2
    assert says in result.output
    assert len(result.output.splitlines()) <= 3


def test_the_report_ends_2_where_the_ledger_is_malformed(tmp_path: Path) -> None:
    result = Project(tmp_path, version="1", defects="[[cause]]").report()
    assert result.exit_code == 2
    assert result.output.startswith("release-3.0/defects.toml, cause 1: `name` is not None.")
