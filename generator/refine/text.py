"""Descriptions as the document has them, and summaries made into sentences."""

from __future__ import annotations

import re
from typing import Any

# What kube-openapi says of every kind, and what is meant. `{kind}` comes with its article.
_KUBERNETES = tuple(
    (re.compile(pattern + r"\Z"), sentence)
    for pattern, sentence in (
        (r"list or watch objects of kind (\w+)", "List the objects of kind {0}{where}."),
        (r"create an? (\w+)", "Create {kind}."),
        (r"delete collection of (\w+)", "Delete all objects of kind {0}{where}, or those that the selectors choose."),
        (r"read the specified (\w+)", "Get {kind} by its name."),
        (r"replace the specified (\w+)", "Replace {kind} by the one that is given."),
        (r"delete an? (\w+)", "Delete {kind} by its name."),
        (r"partially update the specified (\w+)", "Change a part of {kind}."),
        (r"read (\w+) of the specified (\w+)", "Get the {0} of {kind}."),
        (r"replace (\w+) of the specified (\w+)", "Replace the {0} of {kind}."),
        (r"partially update (\w+) of the specified (\w+)", "Change a part of the {0} of {kind}."),
        (r"get available resources", "List the resources of this version of the API."),
        (r"get information of a group", "Get the versions of this group of the API."),
    )
)
# Habits of the authors of the summaries.
_CORRECTED = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"^\(MultiBranchesPipeline\) (\w)(.*?)\.?$", r"\1\2, of a multi-branch pipeline."),
        (r"^[Pp]ut ", "Replace "),
        (r"^get ", "Get "),
        (r"\bdevopsproject\b", "DevOps project"),
        (r"\bdevops project(?=s?\b)", "DevOps project"),
        (r"\bspecified devops\b", "specified DevOps project"),
        (r"\bof specified\b", "of the specified"),
        (r"\bjenkinsfile\b", "Jenkinsfile"),
        (r"\bkubernetes\b", "Kubernetes"),
        (r"\bdaemonset\b", "DaemonSet"),
        (r"\bstatefulset\b", "StatefulSet"),
        (r"\bGithub\b", "GitHub"),
        (r"\b([Aa]) (?=[AEIOaeio]\w)", r"\1n "),
    )
)


def text(value: Any) -> str:
    """A description without the white space around it; "" where there is none."""
    return value.strip() if isinstance(value, str) else ""


def summary(value: Any, path: str) -> str:
    """A summary as a sentence: with a capital, a full stop, and the words that the rest of the client uses."""
    given = text(value)
    for pattern, sentence in _KUBERNETES:
        match = pattern.match(given)
        if match is not None:
            where = " in a namespace" if "/namespaces/{namespace}/" in path else ""
            kind = with_article(match[match.lastindex or 0])
            return sentence.format(*match.groups(), kind=kind, where=where)
    for wrong, right in _CORRECTED:
        given = wrong.sub(right, given)
    if given and given[-1].isalnum():
        given = f"{given}."
    return given[:1].upper() + given[1:]


def with_article(noun: str) -> str:
    """A noun behind the article that its first sound asks for."""
    sound = re.match(r"[AEIO]|U(?!s|ni)|S2[iI]", noun)
    return f"{'an' if sound else 'a'} {noun}"
