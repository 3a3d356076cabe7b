"""The models that the client itself speaks of; an API description without one of them leaves plain objects."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kubesphere_client._objects import Model

__all__ = ["described"]


def described(name: str) -> type[Any]:
    """The model of a name, or the base of all models, which decodes any object and loses nothing."""
    model: type[Any] = getattr(import_module("kubesphere_client.models"), name, Model)
    return model
