"""Public pages and files, asked for when they renew the session."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.expiry import MARGIN
from harness.deployment.held import cookie_session
from harness.flows.page_addresses import loaded_by

if TYPE_CHECKING:
    from harness.deployment.people import Device
    from harness.scenario.world import World

_MOST_FILES = 3
"""Files of the page that are asked for: each takes a renewal of its own."""


def open_when_due(world: World, alias: str) -> None:
    """Open the public pages and the files of the protected one.

    Each when a use renews the session, where the profile says when that is and time can be passed.
    """
    declared, device = cookie_session(world.target), world.device(alias, "first device")
    device.person.in_doubt = True
    for url in dict.fromkeys([*_public(world), *_files(world, device)]):
        if declared.update_age:
            with contextlib.suppress(Unavailable):
                what = f"the age of {declared.update_age} s at which a session is renewed"
                world.expiry.pass_time(device, declared.update_age + MARGIN, what)
        with contextlib.suppress(NoAnswer):
            credential = world.deployment.access.whole_jar(device, url)
            device.keep_cookies(world.deployment.document(url, device.who, credential))


def _public(world: World) -> list[str]:
    pages = world.deployment.pages
    return [world.target.url("web", path) for path in ("/", pages.sign_in)]


def _files(world: World, device: Device) -> list[str]:
    """The first files that the protected page loads, of the deployment's own."""
    path = world.deployment.pages.protected[0]
    url = world.target.url("web", path)
    page = world.deployment.page(path, device.who, world.deployment.access.whole_jar(device, url))
    return loaded_by(page, "script[src], link[href], img[src]", world.target.origins)[:_MOST_FILES]
