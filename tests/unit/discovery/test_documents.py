"""What discovery reads out of documents and pages, whatever these hold, and how it writes TOML."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from harness.discovery.asker import Addresses
from harness.discovery.documented import look_up, operation_table
from harness.discovery.forms import HTML_LIMIT, read_page
from harness.discovery.openapi import Described, from_metadata, parsed, read
from harness.discovery.pages import Shown, form_operation
from harness.discovery.resource import find_resource
from harness.discovery.schemas import find, kind_of
from harness.discovery.shapes import Rule, conventions, known_shapes
from harness.discovery.toml_text import block, comment, filled, literal
from tests.support.discovered_sites import BEARER, GUARDED, document, operation, schema, task_paths

ONE = Addresses("http://app.test", "http://app.test")
TWO = Addresses("http://app.test", "http://api.test/v1")


def described(content: object, addresses: Addresses = ONE, base: Any = "web") -> list[Described]:
    return read(content, addresses, base, f"{addresses.of(base)}/openapi.json")


# --- OpenAPI ---

TASK = {"$ref": "#/components/schemas/Task"}
CIRCLE = document(
    {"/tasks": {"get": operation(answer=TASK), "post": operation(TASK, TASK)}},
    components={"schemas": {"Task": {"allOf": [TASK, {"$ref": "#/components/schemas/Task"}]}}},
)


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        "openapi",
        {"openapi": 3},
        {"openapi": "3.1.0"},
        {"openapi": "3.1.0", "paths": []},
        {"openapi": "3.1.0", "paths": {"/a": None, "/b": {"get": 1}, "no slash": {"get": {"summary": "x"}}}},
        {
            "openapi": "3.1.0",
            "paths": {"/ a\n": {"get": {"summary": "x"}}, "/" + "a" * 5000: {"get": {"summary": "x"}}},
        },
        {"swagger": "2.0", "basePath": 7, "paths": {}},
        {"openapi": "3.1.0", "servers": [{"url": "http://["}], "paths": {}},
    ],
)
def test_what_is_no_document_describes_nothing(junk: object) -> None:
    assert described(junk) == []


@pytest.mark.parametrize(
    "strange",
    [
        {"requestBody": 1, "responses": [], "security": "b", "parameters": 3},
        {"requestBody": {"content": {"application/json": 5}}, "responses": {"200": None}},
        {"requestBody": {"$ref": "#/nowhere/at/all"}, "responses": {"200": {"$ref": 7}}},
        {"requestBody": {"$ref": "http://elsewhere.test/x"}, "security": [3, {"b": []}]},
        operation({"properties": [], "required": "x"}, {"properties": {"": 1, "a": None}, "required": {}}),
        operation({"allOf": 5, "anyOf": [], "type": []}, {"type": ["null", 3], "oneOf": [None]}),
    ],
)
def test_a_strange_operation_is_read_as_far_as_it_goes(strange: dict[str, Any]) -> None:
    found = described(document({"/tasks": {"get": strange, "post": strange}}, **BEARER))
    for one in found:
        assert isinstance(one.fields, tuple)
        assert isinstance(one.schemes, tuple)
        assert isinstance(one.answer, dict)
    assert find_resource(found, two_hosts=False) is None


def test_schemas_that_refer_to_themselves_come_to_an_end() -> None:
    assert find_resource(described(CIRCLE), two_hosts=False) is None


def test_json_that_is_too_deep_is_none() -> None:
    assert parsed("[" * 100_000) is None
    assert parsed("{") is None
    assert parsed("[1]") == [1]


def test_references_choices_and_parts_are_followed() -> None:
    content = document(
        {"/x": {"post": operation({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Both"}]})}},
        components={
            "schemas": {
                "Both": {"allOf": [{"$ref": "#/components/schemas/One"}, schema("b", b="integer")]},
                "One": schema("a", a="string"),
            }
        },
    )
    fields = described(content)[0].fields
    assert [(one.name, one.kind, one.required) for one in fields] == [
        ("a", "string", True),
        ("b", "integer", True),
    ]


def test_what_is_read_only_is_not_sent_and_what_has_a_default_is_not_required() -> None:
    body = schema("id name plan", id="string", name="string", plan="string")
    body["properties"]["id"]["readOnly"] = True
    body["properties"]["plan"]["default"] = "free"
    fields = described(document({"/x": {"post": operation(body)}}))[0].fields
    assert [(one.name, one.required) for one in fields] == [("name", True), ("plan", False)]


def test_swagger_2_bodies_and_base_path() -> None:
    content = {
        "swagger": "2.0",
        "basePath": "/api",
        "securityDefinitions": {"b": {"type": "apiKey", "in": "header", "name": "X-Token"}},
        "paths": {
            "/login": {
                "post": {
                    "parameters": [{"in": "body", "name": "x", "schema": schema("password", password="string")}],
                    "responses": {"200": {"schema": schema(token="string")}},
                    "security": [{"b": []}],
                }
            }
        },
    }
    login = described(content)[0]
    assert login.path == "/api/login"
    assert [one.name for one in login.fields] == ["password"]
    assert find(login.root, login.answer, ["token"]) == "/token"
    assert [(one.kind, one.name) for one in login.schemes] == [("header", "X-Token")]


@pytest.mark.parametrize(
    ("server", "base", "path"),
    [
        ("/", "api", "/x"),
        ("http://api.test/v1", "api", "/x"),
        ("http://api.test/v1/sub/", "api", "/sub/x"),
        ("http://app.test", "web", "/x"),
        ("https://production.example.com/deep", "api", "/deep/x"),
        ("{scheme}://api.test", "api", "/x"),
    ],
)
def test_paths_are_below_the_server_that_is_named(server: str, base: str, path: str) -> None:
    content = document({"/x": {"get": {"summary": "x"}}}, servers=[{"url": server}])
    found = described(content, TWO, "api")
    assert [(one.base, one.path) for one in found] == [(base, path)]


def test_several_types_are_the_first_that_is_not_null() -> None:
    assert kind_of({"type": ["null", "integer"]}) == "integer"
    assert kind_of({"type": "array"}) == "array"
    assert kind_of({}) == "string"


def test_metadata_tells_what_is_sent() -> None:
    answer = {
        "actions": {
            "POST": {
                "id": {"type": "integer", "read_only": True},
                "email": {"type": "email", "required": True},
                "age": {"type": "integer", "required": True},
                "news": {"type": "boolean", "required": False},
            }
        }
    }
    found = from_metadata(answer, "web", "http://app.test/users/", "/users/")
    assert operation_table("sign_up", found[0], two_hosts=False)[0] == {
        "method": "POST",
        "path": "/users/",
        "json": {"email": "{email}", "age": 0},
    }
    assert from_metadata({"actions": {"POST": []}}, "web", "", "/") == []
    assert from_metadata(None, "web", "", "/") == []


# --- rules ---


def test_of_several_fitting_operations_the_shortest_path_is_taken() -> None:
    login = operation(schema("email password", email="string", password="string"))
    found = described(document({"/admin/area/login": {"post": login}, "/login": {"post": login}, "/logins": {}}))
    rule = Rule(method="POST", path="login$", fields=["email", "password"])
    assert look_up({"sign_in": [rule]}, found)["sign_in"].described.path == "/login"
    assert look_up({"sign_in": [Rule(method="POST", path="login$", fields=["pin"])]}, found) == {}


@pytest.mark.parametrize(
    ("names", "body"),
    [
        ("email password", {"email": "{email}", "password": "{password}"}),
        ("username password", {"username": "{email}", "password": "{password}"}),
        ("username email password", {"username": "{username}", "email": "{email}", "password": "{password}"}),
        (
            "emailAddress password1 password2 full_name",
            {
                "emailAddress": "{email}",
                "password1": "{password}",
                "password2": "{password}",
                "full_name": "{name}",
            },
        ),
    ],
)
def test_fields_are_known_by_their_names(names: str, body: dict[str, str]) -> None:
    fields = dict.fromkeys(names.split(), "string")
    found = described(document({"/register": {"post": operation(schema(names, **fields))}}))
    assert operation_table("sign_up", found[0], two_hosts=False) == (
        {"method": "POST", "path": "/register", "json": body},
        [],
    )


@pytest.mark.parametrize(
    ("names", "values"),
    [
        ("old_password new_password", ["{password}", "{new_password}"]),
        ("currentPassword newPassword confirmNewPassword", ["{password}", "{new_password}", "{new_password}"]),
        ("oldpassword password1 password2", ["{password}", "{new_password}", "{new_password}"]),
    ],
)
def test_the_fields_of_a_new_password(names: str, values: list[str]) -> None:
    assert [conventions().placeholder("change_password", name) for name in names.split()] == values


# --- the resource ---


def found_path(paths: dict[str, Any]) -> str | None:
    found = find_resource(described(document(paths, **BEARER)), two_hosts=False)
    return found.table["list"]["path"] if found is not None else None


def test_tasks_go_before_items_and_items_before_anything() -> None:
    everything = (
        task_paths("/orders", **GUARDED) | task_paths("/items", **GUARDED) | task_paths("/api/tasks", **GUARDED)
    )
    assert found_path(everything) == "/api/tasks"
    assert found_path({path: one for path, one in everything.items() if "tasks" not in path}) == "/items"
    assert found_path({path: one for path, one in everything.items() if "orders" in path}) == "/orders"


def test_what_is_guarded_goes_before_what_is_open() -> None:
    assert found_path(task_paths("/tasks") | task_paths("/v1/private/tasks", **GUARDED)) == "/v1/private/tasks"


@pytest.mark.parametrize("path", ["/users", "/auth", "/projects/{project_id}/tasks", "/tasks/{x}", "/sessions"])
def test_what_is_no_list_of_ones_own(path: str) -> None:
    assert found_path(task_paths(path, **GUARDED)) is None


@pytest.mark.parametrize(
    "path", ["/users/{id}/tasks", "/users/{user_id}/tasks/", "/{owner}/tasks", "/{userId}/tasks"]
)
def test_the_persons_own_id_in_the_path(path: str) -> None:
    found = found_path(task_paths(path, **GUARDED))
    assert found is not None
    assert "{user_id}" in found


def test_envelopes_and_other_names_are_found() -> None:
    task = schema("uuid text", uuid="string", text="string")
    listed = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": task}, "next": {"type": "string"}},
    }
    made = {"type": "object", "properties": {"task": task}}
    paths = {
        "/todos": {
            "get": operation(answer=listed, **GUARDED),
            "post": operation(
                schema("text", text="string"), made, media="application/x-www-form-urlencoded", **GUARDED
            ),
        }
    }
    found = find_resource(described(document(paths, **BEARER)), two_hosts=True)
    assert found is not None
    assert found.table == {
        "credential": "token",
        "list": {"method": "GET", "path": "/todos"},
        "create": {"method": "POST", "path": "/todos", "form": {"text": "{title}"}},
        "items": "/data",
        "next": "/next",
        "id": "/uuid",
        "title": "/text",
        "item": "/task",
        "base": "web",
    }


# --- pages ---


def test_labels_are_found_wherever_they_stand() -> None:
    form = read_page(
        """<label for=b>Later *</label><form method=POST action=" /go "><label>Around: <input name=a></label>
        <input id=b name=b><input name=c placeholder=" There "><input aria-label=Said type=password>
        <textarea name=d></textarea><button type=button>Show</button><button>Go <b>on</b></button></form>"""
    ).forms[1]
    assert [(one.name, one.label, one.placeholder, one.accessible) for one in form.fields] == [
        ("a", "Around", "", ""),
        ("b", "Later", "", ""),
        ("c", "", "There", ""),
        ("", "", "", "Said"),
        ("d", "", "", ""),
    ]
    assert (form.method, form.action, form.buttons) == ("post", "/go", ["Go on"])


def test_fields_outside_of_forms_are_seen() -> None:
    page = read_page("<div><input type=email><input type=password></div><a href='/x'>Join <i>us</i></a>")
    assert page.asking_for_password is page.forms[0]
    assert page.links == [("/x", "Join us")]


PIECES = [
    "<",
    "<!--",
    "<a ",
    "</",
    "<form>",
    "<input>",
    "<label>",
    "<a href=x>",
    '<a b="',
    "&#",
    "<button>x",
    "<script>",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_of_one_thing_without_end_is_cut(piece: str) -> None:
    page = read_page(piece * (2 * HTML_LIMIT // len(piece)))
    assert len(page.forms) <= 21
    assert max(len(form.fields) for form in page.forms) <= 40
    assert len(page.links) <= 200


@pytest.mark.parametrize(
    "action", ["https://elsewhere.test/x", "//elsewhere.test/x", "javascript:alert(1)", "http://["]
)
def test_a_form_that_leads_elsewhere_is_no_operation(action: str) -> None:
    page = read_page(f'<form method=post action="{action}"><input name=email><input name=p type=password></form>')
    assert form_operation("sign_in", Shown("/login", page, page.asking_for_password), ONE) is None


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("/signin?next=/x#y", "/signin"),
        ("signin", "/deep/signin"),
        ("http://app.test", "/"),
        ("http://app.test:80/a", "/a"),
        ("https://app.test/a", None),
        ("/{env:HOME}", None),
        ("/a b", None),
        ("", "/deep/page"),
    ],
)
def test_links_lead_to_paths_of_the_same_base(link: str, path: str | None) -> None:
    assert ONE.path_of("web", link, "/deep/page") == path


def test_links_that_leave_the_base_path_lead_nowhere() -> None:
    assert TWO.path_of("api", "/v1/x", "/y") == "/x"
    assert TWO.path_of("api", "/other", "/y") is None


# --- TOML ---


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        'a"b',
        "a\\b",
        "a'b\"c\\",
        "\n\t\x00\x7f\u2028",
        "ä🙂",
        7,
        True,
        ["a", 1],
        {"a b": {"é": [False]}},
        {},
    ],
)
def test_what_is_written_is_read_again(value: object) -> None:
    text = f"v = {literal(value)}"
    assert tomllib.loads(text)["v"] == value
    assert text.isprintable()


def test_half_a_character_is_replaced() -> None:
    assert tomllib.loads(f"v = {literal(json.loads(chr(34) + chr(92) + 'ud800' + chr(34)))}") == {"v": "?"}


def test_none_can_not_be_written() -> None:
    with pytest.raises(TypeError, match="None can't be written as TOML"):
        literal(None)


def test_comments_stay_comments() -> None:
    text = comment("one\n[two]\r\nthree " + "four " * 50)
    assert all(line.startswith("# ") for line in text.splitlines())
    assert tomllib.loads(text) == {}


def test_a_block_is_a_table() -> None:
    text = block("a.b", {"x y": 1, "outcomes": {"success": {"status": [200]}}}, ["why"])
    assert text.startswith("# why\n[a.b]\n")
    assert tomllib.loads(text) == {"a": {"b": {"x y": 1, "outcomes": {"success": {"status": [200]}}}}}


def test_templates_write_values_as_toml() -> None:
    text = filled(
        "{% if yes %}\na = {{ a }}\n{% endif %}\n\n\n\n{{ b }}\n", {"yes": True, "a": '"', "b": block("t", {})}
    )
    assert text == "a = '\"'\n\n[t]\n"


def test_the_shapes_are_data_in_order_and_one_takes_the_rest() -> None:
    shapes = known_shapes()
    assert len({shape.order for shape in shapes}) == len(shapes)
    assert [shape.title for shape in shapes if not shape.recognised_by] == [shapes[-1].title]
    for shape in shapes:
        assert set(shape.recognised_by) <= set(shape.questions) | set(shape.documented)
