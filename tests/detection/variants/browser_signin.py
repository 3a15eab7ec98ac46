"""Pages that are right and that a browser can't operate without more, or only with what a profile may say."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import reference_backend.__main__
from reference_backend import cookies, pages
from tests.detection.faults.browser_signin import SIGN_OUT_FORM
from tests.detection.gate import KEY
from tests.detection.seams import (
    allow_any_script,
    edit_template,
    know_the_request,
    middleware,
    path,
    request_header,
    wrap,
)
from tests.detection.second_origin import serve_elsewhere
from tests.detection.variant_registry import variant

SIGNS_UP, SIGNS_IN, SIGNS_OUT = "browser-signup", "browser-signin", "browser-signout"
REPORTED = "browser-wrong-password-shows-error"
BACK = "browser-back-button-shows-no-private-data"
NEXT_USER = "browser-next-user-sees-own-data-only"
TURNED_AWAY = "browser-protected-page-requires-signin"
RETURNS = "browser-returns-after-signin"
STAYS = "browser-signin-prevents-open-redirect"
UNREADABLE = "browser-scripts-cannot-read-session"
MASKED = "browser-password-is-masked"
NOT_IN_URL = "browser-password-not-in-url"
WITH_A_FORM = (SIGNS_IN, SIGNS_OUT, REPORTED, BACK, NEXT_USER, RETURNS, STAYS, UNREADABLE)
"""What needs the sign-in page's form."""

FLOW = "ui-signin-flow-broken"
BUTTON = '<button type="submit" class="quiet" data-pending="Signing out…">Sign out</button>'
END_OF_SIGN_UP = '<button type="submit" data-pending="Signing up…">'


def answer_path(wanted: str, method: str, answer: Response) -> None:
    """Have requests of that method for a path answered so."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        is_it = (scope["path"], scope["method"]) == (wanted, method)
        await (answer if is_it else inner)(scope, receive, send)

    middleware(handle)


def move_form(template: str, replaced_by: str) -> str:
    """Take the form out of a page, and put that in its place; returns the form."""
    source = pages.templates.env.loader.get_source(pages.templates.env, template)[0]  # type: ignore[union-attr]
    form = source[source.index("<form") : source.index("</form>") + len("</form>")]
    edit_template(template, form, replaced_by)
    return form


# --- where the form comes from ---


def draw_forms(script: str) -> None:
    """Let the pages be empty but for a script that draws their forms."""
    allow_any_script()
    for template in ("signin.html", "signup.html"):
        form = move_form(template, '<div id="here"></div>')
        drawn = form.replace("{{ fields.callbackURL }}", "/tasks").replace("{{ fields.email }}", "")
        drawn = drawn.replace("{{ fields.name }}", "").replace("\n", "").replace('"', "&quot;")
        edit_template(template, '<div id="here"></div>', f'<div id="here" data-form="{drawn}"></div>{script}')


@variant(
    stays_green=(SIGNS_UP, SIGNS_IN, SIGNS_OUT, REPORTED, TURNED_AWAY, STAYS, MASKED),
    not_applicable={NOT_IN_URL: "Without scripts the sign-in page shows no form"},
)
def a_script_of_another_port_draws_the_form() -> None:
    """The forms are drawn by a script from another port of localhost, as in development."""
    draw = "here.innerHTML = here.dataset.form;"
    elsewhere = serve_elsewhere({"/draw.js": ("text/javascript", draw)})
    draw_forms(f'<script src="{elsewhere}/draw.js"></script>')


@variant(
    stays_green=(TURNED_AWAY,),
    not_tested={
        SIGNS_UP: "script could not be loaded .http://localhost:1/draw.js",
        SIGNS_IN: "could not be loaded",
    },
)
def the_script_that_draws_the_form_can_not_be_had() -> None:
    """The forms are drawn by a script from an address that the suite's machine does not reach."""
    draw_forms('<script src="http://localhost:1/draw.js"></script>')


@variant(stays_green=(SIGNS_IN, REPORTED))
def something_on_every_page_never_comes() -> None:
    """Every page has a picture of another site's that does not come."""
    allow_any_script()
    elsewhere = serve_elsewhere({})
    edit_template("base.html", "</main>", f'</main><img alt="" src="{elsewhere}/pixel.gif">')


@variant(
    stays_green=(TURNED_AWAY,), not_tested={SIGNS_IN: "fields are in a frame of http://localhost:.*Mail"}, code=6
)
def the_form_is_in_a_frame() -> None:
    """Sign-in is a frame of another server."""
    allow_any_script()
    elsewhere = serve_elsewhere({"/form": ("text/html", "<form><label>Mail <input></label></form>")})
    move_form("signin.html", f'<iframe title="Sign-in" src="{elsewhere}/form"></iframe>')


@variant(
    stays_green=(SIGNS_UP,),
    not_tested=dict.fromkeys((SIGNS_IN, STAYS), "sent to http://localhost:[0-9]+, outside the deployment"),
    code=6,
)
def sign_in_is_another_site_s() -> None:
    """The sign-in page redirects to a server of its own, as one for several applications does."""
    elsewhere = serve_elsewhere({"/login": ("text/html", "<form><input type=password></form>")})
    answer_path("/signin", "GET", RedirectResponse(f"{elsewhere}/login", 303))


# --- what stands in front ---


@variant(
    not_tested={SIGNS_UP: "401 `WWW-Authenticate: Basic` was answered, so a gate", SIGNS_IN: "401 `WWW-Auth"},
    profile='custom = "tests.detection.gate:Gate"\n',
    code=6,
)
def a_gate_stands_in_front() -> None:
    """Basic authentication is asked of every request but of those with a key that the profile's class adds."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        gate = PlainTextResponse("Staging", 401, {"WWW-Authenticate": 'Basic realm="staging"'})
        is_open = request_header(scope, KEY[0]) == KEY[1]
        await (inner if is_open else gate)(scope, receive, send)

    middleware(handle)


@variant(
    stays_green=(SIGNS_IN,),
    not_tested={SIGNS_UP: "/register: it was answered 404, so the page is not there"},
    profile='[pages]\nsign_up = "/register"\n',
    code=6,
)
def the_sign_up_page_is_elsewhere() -> None:
    """Sign-up has another path than the profile says."""


@variant(
    stays_green=(SIGNS_IN,),
    not_applicable={SIGNS_UP: "declares no sign-up page"},
    profile="[pages]\nsign_up = false\n",
)
def there_is_no_sign_up_page() -> None:
    """Accounts are made by an administrator, and there is no page for it."""
    answer_path("/signup", "GET", PlainTextResponse("Not Found", 404))


# --- which fields there are ---


@variant(
    stays_green=(SIGNS_IN, MASKED),
    not_tested={SIGNS_UP: 'does not name stay empty: Name .".*".*Name them in the profile: pages.name'},
    profile="[pages]\nname = false\n",
    code=6,
)
def the_profile_leaves_the_name_out() -> None:
    """Sign-up asks for a name, which the profile does not name."""


def ask_twice() -> None:
    """Let sign-up ask for the password a second time."""
    again = '<label for="again">Retype Password</label><input id="again" type="password" required>'
    edit_template("signup.html", END_OF_SIGN_UP, again + END_OF_SIGN_UP)


@variant(
    stays_green=(SIGNS_IN,),
    not_tested={SIGNS_UP: "the profile does not name stay empty: Retype Password"},
    code=6,
)
def the_password_is_asked_for_twice() -> None:
    """Sign-up asks for the password a second time, and the profile does not say so."""
    ask_twice()


@variant(
    stays_green=(SIGNS_UP, SIGNS_IN, MASKED),
    profile="""
        [pages]
        confirm = { value = "Retype password" }
        [[pages.fields]]
        value = "Country"
        fill = "Portugal"
        [[pages.fields]]
        value = "I agree"
        check = true
        [[pages.fields]]
        page = "sign_in"
        by = "name"
        value = "team"
        fill = "Team of {username}"
    """,
)
def every_field_is_named() -> None:
    """Sign-up asks for the password again, a country and consent, sign-in for a team, and the profile says so."""
    ask_twice()
    consent = '<label><input type="checkbox" required> I agree</label>'
    country = (
        "<label>Country <select required><option value=''>-</option><option>Portugal</option></select></label>"
    )
    edit_template("signup.html", END_OF_SIGN_UP, consent + country + END_OF_SIGN_UP)
    edit_template("signin.html", '<label for="email">', '<input name="team" required><label for="email">')


@variant(
    stays_green=(SIGNS_IN,),
    not_tested={SIGNS_UP: "the button is disabled, and fields that the profile does not name stay empty: I agree"},
    code=6,
)
def the_button_waits_for_consent() -> None:
    """The sign-up button is disabled until a box is ticked."""
    allow_any_script()
    box = '<label><input type="checkbox" oninput="go.disabled = !this.checked"> I agree</label>'
    edit_template(
        "signup.html", END_OF_SIGN_UP, box + END_OF_SIGN_UP.replace("<button", '<button id="go" disabled')
    )


def only_placeholders() -> None:
    """Let the pages' fields have placeholders and no labels."""
    for template, words in (
        ("signin.html", ("Email", "Password")),
        ("signup.html", ("Name", "Email", "Password")),
    ):
        for word in words:
            key = word.lower()
            edit_template(template, f'<label for="{key}">{word}</label>', "")
            edit_template(template, f'<input id="{key}"', f'<input id="{key}" placeholder="{word}"')


@variant(
    not_tested={
        **dict.fromkeys(
            WITH_A_FORM, r"the page has: Email \(placeholder\), Password \(placeholder\). Correct pages"
        ),
        SIGNS_UP: r"no field \"Name\" .by label. can be filled in on /signup: the page has: Name \(placehold",
        MASKED: "the page has: ",
        NOT_IN_URL: "the page has: ",
    },
    code=6,
)
def fields_have_placeholders_only() -> None:
    """The fields have no labels, and the profile says labels."""
    only_placeholders()


@variant(
    stays_green=(SIGNS_UP, SIGNS_IN),
    never_fail_on={FLOW: "Locate by label, placeholder, type or role from the profile"},
    profile="[pages]\n"
    + "\n".join(
        f'{word.lower()} = {{ by = "placeholder", value = "{word}" }}' for word in ("Name", "Email", "Password")
    ),
)
def the_profile_says_placeholders() -> None:
    """The fields have no labels, and the profile says so."""
    only_placeholders()


@variant(
    stays_green=(SIGNS_UP,),
    never_fail_on={FLOW: "auto sign-in or not"},
    profile="[operations.sign_up]\nsigns_in = false\n",
)
def sign_up_leads_to_sign_in() -> None:
    """Who signs up on the page signs in on the next one."""
    know_the_request()
    wrap(cookies, "write", lambda original, *arguments: None if path() == "/signup" else original(*arguments))


# --- buttons ---


def put_into_menu() -> None:
    """Put the sign-out button into the menu of an avatar."""
    allow_any_script()
    avatar = '<button type="button" aria-label="Account menu" onclick="menu.hidden = false">Z</button>'
    edit_template("base.html", SIGN_OUT_FORM, f"{avatar}{SIGN_OUT_FORM.replace('<form', '<form id=menu hidden')}")


@variant(
    stays_green=(SIGNS_UP, SIGNS_IN),
    not_tested={
        SIGNS_OUT: r'no button "Sign out" can be pressed on /tasks: the page has: .*Z \(accessible name: Account',
        BACK: "Account menu",
        NEXT_USER: "Account menu",
    },
    code=6,
)
def sign_out_is_in_a_menu() -> None:
    """The sign-out button is in a menu that an avatar opens, and the profile does not say so."""
    put_into_menu()


@variant(stays_green=(SIGNS_OUT, BACK, NEXT_USER), profile='[pages]\nsign_out_steps = ["Account menu"]\n')
def the_profile_opens_the_menu() -> None:
    """The sign-out button is in a menu that an avatar opens, and the profile says so."""
    put_into_menu()


@variant(stays_green=(SIGNS_OUT,), profile='[pages]\nsign_out_button = "Log out"\n')
def a_button_is_called_otherwise_than_its_text() -> None:
    """The sign-out button says "Log out", and its accessible name "Sign out of your account"."""
    named = '<button type="submit" aria-label="Sign out of your account"><span>Log out</span></button>'
    edit_template("base.html", BUTTON, named)


@variant(stays_green=(SIGNS_OUT,))
def sign_out_is_a_link_that_asks_first() -> None:
    """Sign-out is a link, and the browser asks whether it is meant."""
    allow_any_script()
    link = """<a href="#" onclick="if (confirm('Really?')) this.closest('form').submit()">Sign out</a>"""
    edit_template("base.html", BUTTON, link)


# --- time and place ---


@variant(
    stays_green=(SIGNS_IN,),
    not_tested={SIGNS_UP: "a request of the page is pending, and was for 4 s"},
    code=6,
)
def sign_up_takes_long() -> None:
    """An account takes longer to be made than the browser waits; the page says "Creating Account..."."""
    allow_any_script()
    script = (
        "<form onsubmit=\"event.preventDefault(); document.querySelector('h1').innerText = 'Creating Account...';"
        "fetch('/signup', {method: 'POST', body: new URLSearchParams(new FormData(this))})"
        ".then(() => { location = '/tasks' })\">"
    )
    edit_template("signup.html", '<form method="post" action="/signup">', script)

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if (scope["path"], scope["method"]) == ("/signup", "POST"):
            await asyncio.Event().wait()
        await inner(scope, receive, send)

    middleware(handle)


@variant(stays_green=(SIGNS_IN, TURNED_AWAY, STAYS))
def it_listens_on_ipv6() -> None:
    """The address is that of the loopback interface in IPv6."""
    module = reference_backend.__main__
    wrap(module, "_listen", lambda original, host, port: original(host.strip("[]"), port))
    wrap(module, "_serve", lambda original, settings, _host, port: original(settings, "[::1]", port))
