"""Checks of a destination that a disguised one passes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlencode, urlsplit

from fastapi import Request, Response

from reference_backend import identity, origins, pages, redirects
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices, UseVisitor
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.routes import serve
from tests.detection.seams import allow_any_script, edit_template, replace

SIGNS_IN = "signin-prevents-disguised-open-redirect"
ON_PAGE = "signin-page-prevents-open-redirect"
IN_BROWSER = "browser-signin-prevents-open-redirect"
RELATIVE = "si-open-redirect-scheme-relative"
LOOKALIKE = "si-open-redirect-lookalike"
SCRIPT = "si-open-redirect-javascript"
PARSING = "si-open-redirect-browser-parsing"


def leads(destination: str) -> str:
    """What a finding says of the destination, as a pattern."""
    return rf'destination "{destination}" leads nowhere outside the deployment; but it leads to'


def go_unquoted() -> None:
    """Write destinations into the Location as they are."""

    def go(response: Response, target: str) -> Response:
        redirect = Response(status_code=303, headers={"Location": target})
        identity.carry(response, redirect)
        return redirect

    replace(pages, "_go", go)


def accept(passes: Callable[[Settings, str], bool], read: Callable[[str], str] = str) -> None:
    """Follow a plain path and whatever ``passes`` accepts, as ``read`` makes it."""

    def validate(settings: Settings, target: str) -> str:
        if not (redirects.RELATIVE_PATH.fullmatch(target) or passes(settings, target)):
            raise ApiError(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")
        return read(target)

    go_unquoted()
    replace(redirects, "validate", validate)


def is_path(target: str) -> bool:
    """Whether it begins as a path does, and not as another host without a scheme."""
    return target.startswith("/") and not target.startswith("//")


@fault(defect=RELATIVE, caught_by=(SIGNS_IN, ON_PAGE), says=leads("//evil.invalid/x"))
def what_begins_with_a_slash_is_a_path() -> None:
    """Only the first character of a destination is looked at."""
    accept(lambda _, target: target.startswith("/"))


@fault(defect=PARSING, caught_by=(SIGNS_IN, ON_PAGE), says=leads(r"/\\evil.invalid/x"))
def a_backslash_is_no_slash() -> None:
    """A destination begins with one slash; a backslash after it is no second one."""
    accept(lambda _, target: is_path(target) and target.isprintable())


@fault(defect=PARSING, caught_by=(SIGNS_IN, ON_PAGE), says=leads("/{TAB}/evil.invalid/x"))
def a_tab_is_part_of_a_path() -> None:
    """A destination begins with one slash, and has no backslash; a tab is part of the path."""
    accept(lambda _, target: is_path(target) and "\\" not in target)


@fault(defect=PARSING, caught_by=ON_PAGE, says=leads(r"\\/evil.invalid/x"))
def what_names_no_scheme_is_a_path() -> None:
    """A destination with a scheme or two slashes before a host is refused, and all others are paths."""
    accept(lambda _, target: ":" not in target and not target.startswith("//"))


@fault(defect=PARSING, caught_by=ON_PAGE, says=leads("{START}https://evil.invalid/x"))
def what_stands_before_a_host_is_not_dropped() -> None:
    """The beginning of a destination is compared without dropping what browsers drop."""
    accept(lambda _, target: not target.lower().startswith(("/", "\\", "http", "javascript", "data")))


@fault(defect=PARSING, caught_by=ON_PAGE, says=leads("/%09/evil.invalid/x"))
def a_path_is_decoded_after_the_check() -> None:
    """The destination is checked as it came, and decoded before it is followed."""
    accept(lambda _, target: is_path(target) and "\\" not in target, unquote)


@fault(defect=RELATIVE, caught_by=ON_PAGE, says=leads("%2f%2fevil.invalid/x"))
def what_is_no_path_is_decoded() -> None:
    """An encoded destination is taken for a relative one, and decoded before it is followed."""
    accept(lambda _, target: target.startswith("%2f"), unquote)


@fault(defect=RELATIVE, caught_by=ON_PAGE, says=leads("/%252f%252fevil.invalid/x"))
def a_path_is_decoded_twice_after_the_check() -> None:
    """The destination is checked once decoded, and decoded again by the page."""
    accept(
        lambda _, target: is_path(target) and "//" not in unquote(target) and unquote(target).isprintable(),
        lambda target: unquote(unquote(target)).removeprefix("/"),
    )


@fault(defect=LOOKALIKE, caught_by=ON_PAGE, says=leads("https:evil.invalid/x"))
def a_host_that_a_library_does_not_see_is_none() -> None:
    """A destination without a host, as the language's library reads it, is a path."""
    accept(lambda _, target: not urlsplit(target).netloc and not target.startswith("javascript:"))


@fault(defect=LOOKALIKE, caught_by=ON_PAGE, says=leads("///evil.invalid/x"))
def three_slashes_name_no_host() -> None:
    """A destination without scheme and host, as the language's library reads it, is a path."""
    accept(lambda _, target: not urlsplit(target).netloc and not urlsplit(target).scheme)


@fault(defect=LOOKALIKE, caught_by=ON_PAGE, says=leads(r"https://evil.invalid\\@{own}/x"))
def a_host_stands_after_the_at_sign() -> None:
    """The host is what stands after the @, as the language's library reads it."""

    def passes(settings: Settings, target: str) -> bool:
        host = urlsplit(target).netloc.rpartition("@")
        return bool(host[0]) and f"http://{host[2]}" in settings.origins and "\\" in target

    accept(passes)


@fault(defect=LOOKALIKE, caught_by=(SIGNS_IN, ON_PAGE), says=leads("https://{own}.evil.invalid/x"))
def an_own_host_is_compared_by_its_beginning() -> None:
    """A destination that begins with the own host is trusted."""
    accept(lambda settings, target: any(target.startswith(f"https:{own[5:]}") for own in settings.origins))


@fault(defect=LOOKALIKE, caught_by=ON_PAGE, says=leads(r"https://evil.invalid\?{own}"))
def an_own_host_anywhere_is_trusted() -> None:
    """A destination that has the own host anywhere is trusted."""
    accept(lambda settings, target: any(urlsplit(own).netloc in target for own in settings.origins))


@fault(defect=LOOKALIKE, caught_by=(SIGNS_IN, ON_PAGE), says=leads("https://{own}@evil.invalid/x"))
def an_own_host_as_a_user_is_trusted() -> None:
    """The host is what stands before the @."""

    def passes(settings: Settings, target: str) -> bool:
        return origins.of(target.replace("https:", "http:").partition("@")[0]) in settings.origins

    accept(passes)


@fault(defect="si-open-redirect-absolute", caught_by=ON_PAGE, says=leads("HTTPS://EVIL.INVALID/x"))
def a_scheme_in_capitals_is_none() -> None:
    """Schemes are compared in lower case only."""
    accept(lambda _, target: not target.startswith(("http:", "https:", "/", "\\", "javascript:", "data:")))


@fault(defect=SCRIPT, caught_by=(SIGNS_IN, ON_PAGE), says=leads(r"javascript:alert\(1\)"))
def only_other_hosts_are_refused() -> None:
    """A destination that names no other host is followed, whatever its scheme."""
    accept(lambda _, target: "//" not in target and "\\" not in target and target.isprintable())


@fault(defect=SCRIPT, caught_by=ON_PAGE, says=leads(r"JaVaScRiPt:alert\(1\)"))
def a_script_in_other_case_is_none() -> None:
    """javascript: and data: are refused in lower case only."""
    accept(lambda _, target: "evil" not in target and not target.startswith(("javascript:", "data:")))


@fault(defect=SCRIPT, caught_by=ON_PAGE, says=leads(r"java{TAB}script:alert\(1\)"))
def a_script_with_a_tab_in_it_is_none() -> None:
    """javascript: and data: are refused where nothing stands inside them."""
    accept(lambda _, target: "evil" not in target and not target.lower().startswith(("javascript:", "data:")))


@fault(defect=SCRIPT, caught_by=ON_PAGE, says=leads("data:text/html,x"))
def data_are_no_script() -> None:
    """javascript: is refused in any case, and data: is followed."""
    accept(lambda _, target: "evil" not in target and "script" not in target.lower())


def follow_own_name(name: str) -> None:
    """Have the guard name the way back with a parameter of its own, and sign-in follow it."""

    def sign_in_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        target = request.query_params.get(name, pages.HOME)
        if visitor:
            return pages._go(response, target)
        return pages._page(request, response, "signin.html", fields={"callbackURL": target})

    go_unquoted()
    replace(pages, "_to_sign_in", lambda response: pages._go(response, f"/signin?{urlencode({name: pages.HOME})}"))
    serve(pages.router, "sign_in_page", sign_in_page, identity.trusted_origin)


@fault(defect="si-open-redirect-absolute", caught_by=ON_PAGE, says=leads("https://evil.invalid/x"))
def the_guard_s_own_parameter_is_not_checked() -> None:
    """The guard names the way back `weiter`, which the sign-in page follows unchecked."""
    follow_own_name("weiter")


@fault(defect=PARSING, caught_by=IN_BROWSER, says=r"sent to https?://evil\.invalid/x, outside the deployment")
def a_page_s_script_follows_what_begins_with_a_slash() -> None:
    """A script on the page fetches, and then follows `next` where it begins with one slash."""
    allow_any_script()
    edit_template("signin.html", "</form>", f"</form>{FOLLOWING.format(check=ONE_SLASH)}")


@fault(defect=SCRIPT, caught_by=IN_BROWSER, says=r"sent to https?://evil\.invalid/x, outside the deployment")
def a_page_s_script_runs_a_destination() -> None:
    """A script on the page fetches, and then follows `next` where it names no host."""
    allow_any_script()
    edit_template("signin.html", "</form>", f"</form>{FOLLOWING.format(check=A_SCRIPT)}")


ONE_SLASH = "next.startsWith('/') && !next.startsWith('//')"
A_SCRIPT = "next.startsWith('javascript:')"
FOLLOWING = """<script>
const form = document.querySelector('form[action="/signin"]') ?? document.querySelector('form')
form.addEventListener('submit', async event => {{
  event.preventDefault()
  await fetch('/signin', {{method: 'POST', body: new URLSearchParams(new FormData(form))}})
  const next = new URLSearchParams(location.search).get('next') ?? ''
  location.href = {check} ? next : '/tasks'
}})
</script>"""
