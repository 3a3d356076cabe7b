"""Comparisons that the tests of the reports share: none, a small one, a large one, and one whose every text is hostile."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from generator.drift.drift import Accepted, CorrectionChange, Drift, SourceChange, Standing
from generator.drift.finding import Finding, Level

HOSTILE = (
    "<script>alert(1)</script>",
    "</script></style><img src=x onerror=alert(1)>",
    "]]> <!-- --> <?xml?>",
    "| a | b |\n| --- | --- |",
    "`code` ``` fence \\` \\| \\",
    "\x1b[31mred\x1b[0m \x07 \x00",
    "\u202eleft-to-right\u202c \u200b",
    "\ud800 lone",
    "x" * 100_000,
    "one\ntwo\r\nthree\u2028four",
    "@maintainers see #12, GH-7 and https://evil.example/?a=b&c=d",
    "[link](javascript:alert(1)) ![image](https://evil.example/x.png)",
    "{{ 7 * 7 }} {% raw %}",
    "\ufffe\uffff \x85",
    "- [ ] * _ ~~ # $ :tada: &amp;",
    "",
)

_USERS = "GET /kapis/iam.kubesphere.io/v1alpha2/users"

_GROUPS = {
    "crd.kubefed.v1beta1": ("/apis/types.kubefed.io/v1beta1/federated{0}s", 46),
    "iam.v1alpha2": ("/kapis/iam.kubesphere.io/v1alpha2/{0}s", 31),
    "openpitrix.v1": ("/kapis/openpitrix.io/v1/workspaces/{{workspace}}/{0}s", 38),
    "devops.v1alpha2": ("/kapis/devops.kubesphere.io/v1alpha2/devops/{{devops}}/{0}s", 27),
    "devops.v1alpha3": ("/kapis/devops.kubesphere.io/v1alpha3/devops/{{devops}}/{0}s", 12),
    "monitoring.v1alpha3": ("/kapis/monitoring.kubesphere.io/v1alpha3/{0}s", 19),
    "tenant.v1alpha2": ("/kapis/tenant.kubesphere.io/v1alpha2/workspaces/{{workspace}}/{0}s", 14),
    "resources.v1alpha2": ("/kapis/resources.kubesphere.io/v1alpha2/{0}s", 5),
    "resources.v1alpha3": ("/kapis/resources.kubesphere.io/v1alpha3/{0}s", 9),
    "servicemesh.v1alpha2": ("/kapis/servicemesh.kubesphere.io/v1alpha2/namespaces/{{namespace}}/{0}s", 7),
    "crd.network.v1alpha1": ("/apis/network.kubesphere.io/v1alpha1/{0}s", 6),
    "crd.tenant.v1alpha2": ("/apis/tenant.kubesphere.io/v1alpha2/{0}s", 3),
    "cluster.v1alpha1": ("/kapis/cluster.kubesphere.io/v1alpha1/clusters/{0}s", 4),
    "alerting": ("/kapis/alerting.kubesphere.io/{0}s", 2),
    "oauth": ("/oauth/{0}", 1),
}

_NOUNS = ("template", "binding", "member", "pipeline", "credential", "metric", "rule", "role", "key", "application")


def nothing_changed() -> Drift:
    """The tip of the branch is what is pinned."""
    return Drift(
        release="release-3.0",
        old="60e5896",
        new="release-3.0",
        sources=(SourceChange("kubesphere", "api/swagger.json", "a" * 64, "a" * 64, 812_345, 812_345),),
        api=(),
        python=(),
        corrections=(_correction(1, Standing.APPLIES),),
    )


def small() -> Drift:
    """One finding of each level, one in Python, one that is accepted, a correction that is gone, a notice."""
    return evolve(
        nothing_changed(),
        sources=(SourceChange("kubesphere", "api/swagger.json", "a" * 64, "b" * 64, 812_345, 830_111),),
        api=(
            Finding(
                "request-parameter-removed",
                Level.BREAKING,
                f"{_USERS} query:verbose",
                _USERS,
                "the query parameter verbose was removed",
                "iam.v1alpha2",
                (_USERS,),
                ("iam.v1alpha2.list_users",),
                before={"type": "boolean", "default": False},
            ),
            Finding(
                "response-property-enum-value-added",
                Level.RISKY,
                "schema iam_v1alpha2.User state",
                "iam_v1alpha2.User.state",
                "the value Suspended was added to what the server may answer",
                "iam.v1alpha2",
                (*(f"GET /kapis/iam.kubesphere.io/v1alpha2/users/{name}" for name in "abcde"),),
                before=["Active", "Disabled"],
                after=["Active", "Disabled", "Suspended"],
            ),
            Finding(
                "endpoint-added",
                Level.COMPATIBLE,
                "PATCH /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}",
                "PATCH /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}",
                "the operation was added",
                "tenant.v1alpha2",
                ("PATCH /kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}",),
            ),
        ),
        python=(
            Finding(
                "parameter-removed",
                Level.BREAKING,
                "iam.v1alpha2.list_users verbose",
                "iam.v1alpha2.list_users(verbose)",
                "the parameter was removed",
                "iam.v1alpha2",
                calls=("iam.v1alpha2.list_users",),
                before="verbose: bool | None = None",
            ),
        ),
        corrections=(
            _correction(1, Standing.APPLIES),
            _correction(2, Standing.GONE),
            _correction(3, Standing.FIXED_UPSTREAM),
        ),
        accepted=(
            Accepted(
                Finding("endpoint-removed", Level.BREAKING, "GET /old", "GET /old", "the operation was removed"),
                "nobody calls it",
                date(2027, 3, 31),
            ),
        ),
        notices=("The acceptance 0123456789ab in drift.toml matches nothing.",),
    )


def large() -> Drift:
    """Findings in many groups, as a new release of upstream would give them."""
    api = tuple(
        _large_finding(group, path, number) for group, (path, amount) in _GROUPS.items() for number in range(amount)
    )
    api += tuple(
        Finding(
            "response-property-type-changed",
            Level.BREAKING,
            f"schema kubernetes.ObjectMeta field{number}",
            f"kubernetes.ObjectMeta.field{number}",
            "the type changed from string to integer",
            "",
            tuple(f"GET /apis/types.kubefed.io/v1beta1/federated{n}s" for n in range(60)),
            before={"type": "string", "description": "Populated by the system. Read-only. " * 4, "format": "date-time"},
            after={"type": "integer", "description": "Populated by the system. Read-only. " * 4, "format": "int64"},
        )
        for number in range(3)
    )
    python = tuple(
        Finding(
            "parameter-added-required",
            Level.BREAKING,
            f"iam.v1alpha2.create_{noun} cluster",
            f"iam.v1alpha2.create_{noun}(cluster)",
            "a parameter that must be given was added",
            "iam.v1alpha2",
            calls=(f"iam.v1alpha2.create_{noun}",),
            after="cluster: str",
        )
        for noun in _NOUNS
    )
    return evolve(
        small(),
        old="release-3.0 (60e5896)",
        new="release-3.1 (0a6fae6)",
        sources=(
            SourceChange("kubesphere", "api/swagger.json", "a" * 64, "b" * 64, 812_345, 830_111),
            SourceChange("crds", "api/openapi-spec/swagger.json", "c" * 64, "c" * 64, 1_204_002, 1_204_002),
        ),
        api=tuple(sorted(api, key=lambda one: one.order)),
        python=tuple(sorted(python, key=lambda one: one.order)),
        corrections=tuple(_correction(n, tuple(Standing)[n % 5 if n < 20 else 0]) for n in range(240)),
    )


def hostile() -> Drift:
    """Each hostile text in each place that takes text from outside."""
    findings = tuple(
        Finding(
            text or "empty",
            tuple(Level)[n % 3],
            f"{n} {text}",
            text,
            text,
            text,
            (text, f"GET /{text}"),
            (text,),
            before={text: [text, n]},
            after=text,
        )
        for n, text in enumerate(HOSTILE)
    )
    return Drift(
        release=HOSTILE[0],
        old=HOSTILE[6],
        new=HOSTILE[10],
        sources=tuple(SourceChange(text, text, "a" * 64, "b" * 64, 1, 2) for text in HOSTILE),
        api=findings,
        python=findings,
        corrections=tuple(
            CorrectionChange(text, text, standing, text, text, text) for text in HOSTILE for standing in Standing
        ),
        accepted=tuple(Accepted(one, one.text, None) for one in findings),
        notices=HOSTILE,
    )


def _large_finding(group: str, path: str, number: int) -> Finding:
    noun = _NOUNS[number % len(_NOUNS)]
    address = path.format(noun) + ("/{name}" if number >= len(_NOUNS) else "") + "/status" * (number // 20)
    shape = 3 if len(group) % 4 == 0 else (number * 7 + len(group)) % 9
    if shape == 0:
        return Finding(
            "endpoint-removed",
            Level.BREAKING,
            f"DELETE {address}",
            f"DELETE {address}",
            "the operation was removed",
            group,
            (f"DELETE {address}",),
            (f"{group}.delete_{noun}",),
            before={"operationId": f"{group}.delete_{noun}"},
        )
    if shape == 1:
        return Finding(
            "request-property-became-required",
            Level.BREAKING,
            f"schema {group}.{noun} spec.{number}",
            f"{noun.title()}Spec.displayName{number}",
            "the property must be given now",
            group,
            tuple(f"{method} {address}" for method in ("PATCH", "POST", "PUT")),
            before={"type": "object", "required": ["name"], "properties": {"displayName": {"type": "string"}}},
            after={
                "type": "object",
                "required": ["displayName", "name"],
                "properties": {"displayName": {"type": "string", "maxLength": 63}},
            },
        )
    if shape in (2, 5):
        return Finding(
            "request-parameter-default-value-changed",
            Level.RISKY,
            f"GET {address} query:limit{number}",
            f"GET {address}",
            f"the default of the query parameter limit{number} changed from 10 to 20",
            group,
            (f"GET {address}",),
            (f"{group}.list_{noun}s",),
            before=10,
            after=20,
        )
    return Finding(
        "endpoint-added" if shape in (3, 4) else "response-optional-property-added",
        Level.COMPATIBLE,
        f"GET {address} {number}",
        f"GET {address}" if shape in (3, 4) else f"{noun.title()}Status.conditions{number}",
        "the operation was added" if shape in (3, 4) else "the property was added to the answer",
        group,
        (f"GET {address}",),
        after={"type": "array", "items": {"type": "string"}},
    )


def _correction(number: int, standing: Standing) -> CorrectionChange:
    return CorrectionChange(
        f"overlays/iam.yaml, action {number}",
        "kubesphere",
        standing,
        "The answer is a list of users, not one user.",
        "$.paths['/kapis/iam.kubesphere.io/v1alpha2/users'].get.responses['200']",
        "The response 200 is described as before."
        if standing is Standing.APPLIES
        else "The new file describes no response 200 there.",
    )
