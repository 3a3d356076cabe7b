"""What is known of an error where it is caught."""

from __future__ import annotations

from typing import Any, assert_type

import httpx

from kubesphere_client import (
    APIConnectionError,
    APIStatusError,
    DecodeError,
    InvalidArgumentError,
    KubeSphere,
    KubeSphereError,
    NotFoundError,
    ServerError,
)


def status(ks: KubeSphere) -> str:
    try:
        return ks.tenant.v1alpha2.get_workspace("nope").metadata.name
    except NotFoundError as error:
        assert_type(error.status_code, int)
        assert_type(error.reason, str)
        assert_type(error.message, str)
        assert_type(error.body, Any)
        assert_type(error.response, httpx.Response)
        assert_type(error.operation, str | None)
        return error.message


def one_root(error: APIStatusError | APIConnectionError | DecodeError | InvalidArgumentError) -> KubeSphereError:
    return error


def families(error: ServerError | NotFoundError) -> APIStatusError:
    return error
