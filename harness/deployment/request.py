"""One operation of the profile, sent as a browser sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.deployment.credential import ANONYMOUS
from harness.deployment.tampered import UNTAMPERED
from harness.deployment.template import enveloping, instead, render, without
from harness.profile import custom
from harness.profile.operation import by_base
from harness.wire.request import FORM, Fields, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.tampered import Tampering
    from harness.profile.operation import Operation
    from harness.profile.target import Target
    from harness.wire.client import Client


def perform(
    target: Target,
    client: Client,
    who: str,
    operation: Operation,
    values: Mapping[str, str],
    credential: Credential = ANONYMOUS,
    tampering: Tampering = UNTAMPERED,
) -> Exchange:
    """Send the operation as a browser does; see `prepared`."""
    ready = prepared(target, operation, values, credential, tampering)
    return client.send(who, ready.method, ready.url, ready.headers, ready.body)


def prepared(
    target: Target,
    operation: Operation,
    values: Mapping[str, str],
    credential: Credential = ANONYMOUS,
    tampering: Tampering = UNTAMPERED,
) -> custom.Request:
    """The operation's request as a browser sends it.

    Its templates are filled from ``values``. Raises Absent where the operation has nothing that could be tampered
    with.
    """
    request = tampering.onto(credential.onto(_filled(target, operation, values, tampering)))
    if tampering != UNTAMPERED and tampering.origin is None and not tampering.without_origin:
        _must_differ(operation, request, credential.onto(_filled(target, operation, values, UNTAMPERED)))
    origin = tampering.origin if tampering.origin is not None else _origin(target, operation, request)
    if origin is not None and not tampering.without_origin:
        request = request.adding(headers=[("Origin", origin)])
    return target.custom.prepare(operation, custom.Request(*request.encoded()))


def _must_differ(operation: Operation, request: Request, ordinary: Request) -> None:
    if request == ordinary:
        raise Absent(
            f"{operation.method} {operation.path}, as the profile describes it, has nothing of what would be "
            "changed: the request would be an ordinary one."
        )


def _filled(target: Target, operation: Operation, values: Mapping[str, str], tampering: Tampering) -> Request:
    path = render(operation.path, {name: quote(value, safe="") for name, value in values.items()})
    return Request(
        operation.method,
        target.url(operation.base, path),
        query=render(without(operation.query, tampering.left_out), values),
        headers=tuple(render(operation.headers, values).items()),
        content=_content(operation, values, tampering),
    )


def _content(operation: Operation, values: Mapping[str, str], tampering: Tampering) -> Fields | None:
    if operation.form is not None:
        form = render(instead(without(operation.form, tampering.left_out), tampering.instead), values)
        return Fields({**form, **tampering.beside}, FORM)
    if operation.body is not None:
        template = enveloping(without(operation.body, tampering.left_out), tampering.beside)
        return Fields(render(instead(template, tampering.instead), values))
    return None


def _origin(target: Target, operation: Operation, request: Request) -> str | None:
    """The Origin that a browser sends, or None.

    None where it reads, and where an app presents a token.
    """
    from_page = by_base(operation.base, web=True, api=bool(request.cookies), auth=True)
    return target.origin if from_page and not is_safe(operation.method) else None
