"""What the server says about itself, without asking who wants to know."""

from __future__ import annotations

from kubesphere_client._api import VERSION as RELEASED
from kubesphere_client.testing._messages import Answer, data
from kubesphere_client.testing._routes import Routes
from kubesphere_client.testing._site import Call

CONFIG = "/kapis/config.kubesphere.io/v1alpha2/configs"
VERSION = "/kapis/version"
_NANOSECONDS = 1_000_000_000
_ENABLED = (
    "authentication authorization devops kubernetes monitoring multicluster network redis logging events auditing"
).split()
_DISABLED = "alerting notification openpitrix s3 servicemesh sonarqube".split()


def routes() -> Routes:
    table = Routes()
    table.add("GET", VERSION, _version)
    table.add("GET", f"{CONFIG}/oauth", _oauth)
    table.add("GET", f"{CONFIG}/configz", _components)
    return table


def _version(call: Call) -> Answer:
    """The shape of recording forbid-version."""
    build = {"gitCommit": "0" * 40, "gitTreeState": "clean", "buildDate": "2021-02-18T02:47:26Z"}
    build |= {"goVersion": "go1.13", "compiler": "gc", "platform": "linux/amd64"}
    major, minor, _ = RELEASED.split(".")
    server = {"gitVersion": f"v{major}.{minor}.0", "gitMajor": major, "gitMinor": minor, **build}
    return data({**server, "kubernetes": {"major": "1", "minor": "20", "gitVersion": "v1.20.2", **build}})


def _oauth(call: Call) -> Answer:
    """Durations in nanoseconds (recording res-054)."""
    lifetime = (call.world.accounts.token_seconds or 0) * _NANOSECONDS
    return data({"accessTokenMaxAge": lifetime, "accessTokenInactivityTimeout": 7200 * _NANOSECONDS})


def _components(call: Call) -> Answer:
    return data({name: name in _ENABLED for name in sorted([*_ENABLED, *_DISABLED])})
