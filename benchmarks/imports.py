"""Import and first use in a fresh process, with its memory; and import of every module of a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.bench import PROBES, Bench
from benchmarks.peers import import_name
from benchmarks.rows import OURS, Goal, Row, Section, absent, row
from benchmarks.turns import Turns, answer, take_turns

_ROUNDS = 15
_ROUNDS_OF_PEERS = 5
_HTTPX, _CLIENT, _FIRST_OF_HTTPX = "import httpx", "import httpx; httpx.Client()", "httpx: the first call and .json()"
_ADDRESS = "http://127.0.0.1:1"
_MOCK = """
import httpx
def answer(request):
    return httpx.Response(200, json={"metadata": {"name": "admin"}})
"""
_OURS = f"ks = KubeSphere({_ADDRESS!r}, token='t')"
_SOURCES = ("kubesphere", "crd")
_PEER = "openapi-python-client"


@frozen
class _Start:
    """One way to begin: statements, in an environment; `against` is what it is compared with."""

    who: str
    statements: str
    environment: str = "plain"
    against: str = _CLIENT
    goal: Goal | None = None
    bound: str = ""
    generated: tuple[str, ...] = ()  # the sources of a package that a peer's generator made


_STARTS: Mapping[str, _Start] = {
    _HTTPX: _Start("httpx", "import httpx", against=""),
    _CLIENT: _Start("httpx", "import httpx; httpx.Client()", against=_HTTPX),
    "import alone": _Start(
        OURS, "import kubesphere_client", against=_HTTPX, goal=Goal(1.05), bound="httpx itself, wherever it is imported"
    ),
    "import, construct, ready to call": _Start(
        OURS,
        f"from kubesphere_client import KubeSphere; {_OURS}; ks.resources.v1alpha3.list_cluster_resources",
        goal=Goal(1.25),
        bound="httpx itself; then the runtime's modules and the group's, read and run",
    ),
    "the same, the largest group": _Start(
        OURS,
        f"from kubesphere_client import KubeSphere; {_OURS}; ks.crd.kubefed.v1beta1.list_federated_deployments",
        goal=Goal(1.25),
        bound="as above; its module has the most operations, each of them some calls when it is run",
    ),
    "the same, async": _Start(
        OURS,
        "from kubesphere_client import AsyncKubeSphere as KubeSphere; "
        f"{_OURS}; ks.resources.v1alpha3.list_cluster_resources",
        goal=Goal(1.25),
        bound="as above",
    ),
    "the same, an https address": _Start(
        OURS,
        f"from kubesphere_client import KubeSphere; {_OURS.replace('http:', 'https:')}; "
        "ks.resources.v1alpha3.list_cluster_resources",
        goal=Goal(1.25),
        bound="as above, and the certificates of all authorities, which httpx.Client() reads too",
    ),
    _FIRST_OF_HTTPX: _Start(
        "httpx",
        f"{_MOCK}\nhttpx.Client(transport=httpx.MockTransport(answer)).get('{_ADDRESS}/users/admin').json()",
        against="",
    ),
    "first typed call": _Start(
        OURS,
        f"{_MOCK}\nfrom kubesphere_client import KubeSphere\n"
        f"ks = KubeSphere({_ADDRESS!r}, token='t', transport=httpx.MockTransport(answer))\n"
        "ks.iam.v1alpha2.get_user('admin').metadata.name",
        against=_FIRST_OF_HTTPX,
        bound="the module of the group's models, and the classes of those that the answer has",
    ),
    "openapi-python-client: client, one endpoint, construct": _Start(
        "openapi-python-client",
        "from openapi_python_client_kubesphere.client import AuthenticatedClient\n"
        "from openapi_python_client_kubesphere.api.cluster_resources import handle_get_namespaced_abnormal_workloads\n"
        f"AuthenticatedClient(base_url={_ADDRESS!r}, token='t')",
        "openapi-python-client",
        generated=("kubesphere",),
    ),
    "openapi-generator: client, one endpoint, construct": _Start(
        "openapi-generator",
        "from openapi_generator_kubesphere import ApiClient, Configuration\n"
        "from openapi_generator_kubesphere.api.cluster_resources_api import ClusterResourcesApi\n"
        f"ClusterResourcesApi(ApiClient(Configuration(host={_ADDRESS!r}))).handle_get_namespaced_abnormal_workloads",
        "openapi-generator",
        generated=("kubesphere",),
    ),
    "crozier: client, one endpoint, construct": _Start(
        "crozier",
        "from crozier_kubesphere import CrozierKubesphereApi\n"
        f"CrozierKubesphereApi(base_url={_ADDRESS!r}, api_key='t')"
        ".cluster_resources.handle_get_namespaced_abnormal_workloads",
        "crozier",
        generated=("kubesphere",),
    ),
    "kubernetes: CoreV1Api": _Start(
        "kubernetes", "from kubernetes import client; client.CoreV1Api().list_node", "kubernetes"
    ),
    "lightkube: Client, Node": _Start(
        "lightkube",
        "from lightkube import Client, KubeConfig\nfrom lightkube.resources.core_v1 import Node\n"
        "from lightkube.config.kubeconfig import Cluster, User\n"
        f"server = KubeConfig.from_one(cluster=Cluster(server={_ADDRESS!r}), user=User(token='t'))\n"
        "Client(config=server).list",
        "lightkube",
    ),
    "openai: OpenAI": _Start("openai", "import openai; openai.OpenAI(api_key='t').models.list", "openai"),
}
_PACKAGES: Mapping[str, tuple[str, Sequence[str]]] = {
    OURS: ("plain", ["kubesphere_client"]),
    **{
        tool: (tool, [import_name(tool, source) for source in _SOURCES])
        for tool in ("openapi-python-client", "openapi-generator", "crozier")
    },
    "kubernetes": ("kubernetes", ["kubernetes"]),
    "lightkube": ("lightkube", ["lightkube"]),
    "openai": ("openai", ["openai"]),
}


def start(bench: Bench) -> list[Section]:
    """Import, construct and be ready to call one operation, and the memory of each."""
    bench.say("Imports in fresh processes ...")
    runs = {what: partial(_run, bench, one) for what, one in _STARTS.items()}
    _warm(runs)
    fewer = {what: bench.rounds(_ROUNDS_OF_PEERS) for what, one in _STARTS.items() if one.environment != "plain"}
    turns = take_turns(runs, bench.rounds(_ROUNDS), fewer=fewer)
    about = (
        "Seconds of processor time in a fresh process with warm bytecode, from the first statement on; the interpreter's "
        "own start is not in it. Each package is in an environment of its own."
    )
    return [
        Section("Import and first use", [_started(what, one, turns) for what, one in _STARTS.items()], about),
        Section("Memory after it", _memory(turns), "Resident memory of those processes."),
    ]


def every_module(bench: Bench) -> list[Section]:
    """Import of every module of each package."""
    bench.say("Import of every module ...")
    runs = {who: partial(_walk, bench, who) for who in _PACKAGES}
    _warm(runs)
    fewer = {who: 2 for who in _PACKAGES if who != OURS}
    turns = take_turns(runs, bench.rounds(5), fewer=fewer)
    rows = []
    for who in _PACKAGES:
        goal = Goal(0.5, of="figure") if who == OURS else None
        if who in turns.reasons:
            rows.append(absent("every module", who, turns.reasons[who], goal=goal))
            continue
        several = turns.of(who)
        rows.append(
            row(
                "every module",
                who,
                [one["seconds"] for one in several],
                against=[one["seconds"] for one in turns.of(_PEER)] if who != _PEER else [],
                to=_PEER,
                goal=goal,
                bound="the classes of all models and the functions of all operations",
                note=f"{several[0]['modules']} modules",
            )
        )
    return [Section("Import of every module of the package", rows, "Seconds of processor time, in a fresh process.")]


def _started(what: str, one: _Start, turns: Turns[Any]) -> Row:
    if what in turns.reasons:
        return absent(what, one.who, turns.reasons[what], goal=one.goal)
    return row(
        what,
        one.who,
        _of(turns, what, "seconds"),
        against=_of(turns, one.against, "seconds"),
        to=one.against,
        goal=one.goal,
        bound=one.bound,
    )


def _memory(turns: Turns[Any]) -> list[Row]:
    rows = []
    for what, one in _STARTS.items():
        if what in turns.reasons:
            rows.append(absent(what, one.who, turns.reasons[what]))
            continue
        base = _of(turns, one.against or _HTTPX, "memory")
        over = [mine - other for mine, other in zip(_of(turns, what, "memory"), base, strict=False)]
        rows.append(
            row(
                f"{what}, more than {one.against}" if one.against else what,
                one.who,
                over if one.against else _of(turns, what, "memory"),
                unit="MB",
                goal=Goal(5e6, of="figure") if one.who == OURS and one.goal else None,
                bound="the code objects of the runtime and of the group's operations, and its docstrings",
            )
        )
    return rows


def _of(turns: Turns[Any], what: str, which: str) -> list[float]:
    return [one[which] for one in turns.of(what)] if what else []


def _warm(runs: Mapping[str, Callable[[], Any]]) -> None:
    """One run of each that does not count: it writes bytecode and fills the system's caches."""
    take_turns(runs, 1)


def _run(bench: Bench, one: _Start) -> Any:
    return answer(_python(bench, one.environment, one.generated), [PROBES / "importing.py", "-c", one.statements])


def _walk(bench: Bench, who: str) -> Any:
    environment, names = _PACKAGES[who]
    generated = _SOURCES if names and names[0] == import_name(who, _SOURCES[0]) else ()
    return answer(_python(bench, environment, generated), [PROBES / "importing.py", *names])


def _python(bench: Bench, environment: str, generated: Sequence[str]) -> Path:
    return bench.peer(environment, *generated) if generated else bench.environments.python(environment)
