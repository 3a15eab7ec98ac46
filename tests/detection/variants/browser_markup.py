"""Deployments on which markup does no harm, and which are right in other ways."""

from __future__ import annotations

import re
from typing import Any

from pydantic import AfterValidator

from reference_backend import auth, tasks
from tests.detection.script_drawn import drawn_by_a_script
from tests.detection.seams import allow_any_script, edit_template
from tests.detection.variant_registry import variant

TEXT = "browser-shows-markup-as-text"
RUNS = "ui-stored-xss"
LITERALLY = {RUNS: "Text shown literally."}


@variant(stays_green=TEXT, never_fail_on=LITERALLY)
def a_script_shows_titles_as_text() -> None:
    """The tasks page is drawn by a script, which sets textContent to each title."""
    drawn_by_a_script()


@variant(stays_green=TEXT, never_fail_on=LITERALLY)
def a_handler_and_an_id_hold_the_title() -> None:
    """The title stands, escaped for its place, in a handler, in an id and in data that a script reads."""
    allow_any_script()
    places = """<a id="{{ task.title[:20] }}" name="{{ task.title }}" onclick='show({{ task.title | tojson }})'
      href="/tasks?title={{ task.title | urlencode }}">Show</a>
      <script>({{ task.title | tojson }}).length</script>"""
    edit_template("tasks.html", '<span class="title">', places + '<span class="title">')


def _create(change: Any) -> None:
    """Let titles go through ``change`` before a task is made."""
    field = tasks.WholeTask.model_fields["title"]
    field.metadata.append(AfterValidator(change))
    tasks.WholeTask.model_rebuild(force=True)


@variant(stays_green=TEXT)
def tags_are_taken_out_of_titles() -> None:
    """What looks like a tag is taken out of titles as they are stored."""
    _create(lambda title: re.sub(r"<[^>]*>|javascript:", "", title))


@variant(not_applicable={TEXT: "takes an element neither in a name nor in a task's title"})
def markup_is_refused() -> None:
    """Names and titles that hold < , quotes or a scheme are refused."""

    def plain(text: str) -> str:
        if re.search(r"[<>\"']|javascript:", text):
            raise ValueError("must be plain text")
        return text

    _create(plain)
    field = auth.UpdateUser.model_fields["name"]
    field.metadata.append(AfterValidator(plain))
    auth.UpdateUser.model_rebuild(force=True)
