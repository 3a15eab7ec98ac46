"""Rightly signed tokens that are believed whatever they say."""

import functools
import time
from collections.abc import Callable
from typing import Any

from reference_backend import settings, tokens
from reference_backend.tokens import Claims, Signer
from tests.detection.gullible import believe_signed, claims_of
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

SIGNED = "rightly signed, "


def refused(wrong: str) -> str:
    """What a finding says of such a token."""
    return f"{SIGNED}{wrong} is refused; .*private text"


@fault(
    defect="tv-crit-ignored",
    caught_by="token-critical-header-is-understood",
    says=refused("with an unknown critical header"),
)
def critical_headers_are_ignored() -> None:
    """`crit` is read by nobody."""
    believe_signed(lambda header, _: "crit" in header)


@fault(
    defect="tv-nbf-ignored",
    caught_by="token-is-refused-before-its-time",
    says=refused("that is valid in an hour"),
)
def tokens_are_good_before_their_time() -> None:
    """`nbf` is not looked at."""
    believe_signed(lambda _, claims: "nbf" in claims)


RIGHT: dict[str, str] = {}
"""What the deployment's own tokens say, once it has verified one."""


def accept(claim: str, good: Callable[[Any, str], bool]) -> None:
    """Let ``good(given, right)`` say whether a claim will do that is not the right one."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        RIGHT["issuer"] = settings.base_url  # type: ignore[attr-defined]
        return verify(signer, settings, token)

    def will_do(_: object, claims: dict[str, Any]) -> bool:
        given = claims.get(claim)
        return given not in (None, RIGHT["issuer"]) and good(given, RIGHT["issuer"])

    believe_signed(will_do)
    wrap(tokens, "verify", verify)


@fault(
    defect="tv-iss-not-checked",
    caught_by="token-of-another-issuer-is-refused",
    says=refused("of another issuer"),
    level="should",
)
def any_issuer_will_do() -> None:
    """`iss` is not compared: the staging system shares the secret."""
    accept("iss", lambda *_: True)


partly = functools.partial(fault, defect="tv-iss-partial-match", caught_by="token-issuer-is-compared-exactly")


@partly(says=refused("of an issuer that begins like its own"))
def an_issuer_has_to_begin_rightly() -> None:
    """`given.startswith(issuer)`."""
    accept("iss", lambda given, right: str(given).startswith(right))


@partly(says=refused("of an issuer that ends like its own"))
def an_issuer_has_to_end_rightly() -> None:
    """`given.endswith(issuer)`."""
    accept("iss", lambda given, right: str(given).endswith(right))


@partly(says=refused("of the beginning of its issuer"))
def an_issuer_is_looked_for_in_a_text() -> None:
    """`given in issuer`, where a list of issuers was meant (CVE-2024-53861)."""
    accept("iss", lambda given, right: str(given) in right)


@partly(says=refused("of its issuer in upper case"))
def an_issuer_is_compared_without_its_case() -> None:
    """`given.lower() == issuer.lower()`."""
    accept("iss", lambda given, right: str(given).lower() == right.lower())


audience = functools.partial(fault, defect="tv-aud-not-checked", caught_by="token-for-another-audience-is-refused")


@audience(says=refused("for another audience"))
def any_audience_will_do() -> None:
    """`aud` is not compared."""
    accept("aud", lambda *_: True)


@audience(says=refused("for a list of other audiences"))
def a_list_of_audiences_is_not_looked_through() -> None:
    """`isinstance(aud, str) and aud != ours` is the only check."""
    accept("aud", lambda given, right: isinstance(given, list) and right not in given)


nobody = functools.partial(fault, defect="tv-sub-missing-accepted", caught_by="token-names-a-person")


def somebody(when: Callable[[dict[str, Any]], bool]) -> None:
    """Take the session's own user where the claims name nobody."""
    users: dict[str, str] = {}

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        claims = claims_of(token)
        if not when(claims) or claims.get("sid") not in users:
            found = verify(signer, settings, token)
            users[found.session_id] = found.user_id
            return found
        return Claims(users[claims["sid"]], claims["sid"])

    wrap(tokens, "verify", verify)


@nobody(says=refused("without a subject"))
def a_token_without_a_subject_is_its_session_s() -> None:
    """`claims.get("sub") or session.user_id`, where the claim is missing."""
    somebody(lambda claims: bool(claims) and "sub" not in claims)


@nobody(says=refused("with an empty subject"))
def an_empty_subject_is_its_session_s() -> None:
    """The same where it is empty."""
    somebody(lambda claims: claims.get("sub") == "")


lacking = functools.partial(fault, caught_by="token-lacks-no-usual-claim", level="should")


@lacking(defect="ex-exp-missing-accepted", says=refused("without an end"))
def a_token_without_an_end_has_none() -> None:
    """`exp` is compared if it is there."""
    believe_signed(lambda _, claims: bool(claims) and "exp" not in claims)


@lacking(defect="tv-required-claim-absent-accepted", says=refused("without an issuer"))
def a_token_without_an_issuer_is_ours() -> None:
    """`iss` is compared if it is there."""
    believe_signed(lambda _, claims: bool(claims) and "iss" not in claims)


@lacking(defect="tv-aud-missing-accepted", says=refused("without an audience"))
def a_token_without_an_audience_is_for_us() -> None:
    """`aud` is compared if it is there."""
    believe_signed(lambda _, claims: bool(claims) and "aud" not in claims)


never = functools.partial(fault, defect="ex-exp-zero-or-negative-accepted", caught_by="token-end-is-never-none")


@never(says=refused("with the end 0"))
def the_end_zero_is_no_end() -> None:
    """`if claims["exp"] and claims["exp"] < now`."""
    believe_signed(lambda _, claims: claims.get("exp") == 0 and claims["exp"] is not False)


@never(says=refused("with the end -1"))
def a_negative_end_is_no_end() -> None:
    """-1 is for tokens that never end, as in the cache beside it."""
    believe_signed(lambda _, claims: claims.get("exp") == -1)


typed = functools.partial(fault, defect="ex-exp-wrong-type-accepted", caught_by="token-end-is-a-number")


@typed(says=refused('with the end "tomorrow"'))
def a_word_for_an_end_is_no_end() -> None:
    """A text that is no date is passed over."""
    believe_signed(lambda _, claims: str(claims.get("exp", "")).isalpha() and claims["exp"] is not True)


@typed(says=refused("with a date for its end"))
def a_date_is_an_end_as_well() -> None:
    """ISO dates are read, as older tokens had them."""
    believe_signed(lambda _, claims: "T" in str(claims.get("exp", "")))


@typed(says=refused("with a past end as text"))
def an_end_in_text_is_not_compared() -> None:
    """Only numbers are compared."""
    believe_signed(lambda _, claims: str(claims.get("exp", "")).isdigit() and isinstance(claims["exp"], str))


@typed(says=refused("with the end true"))
def an_end_that_is_true_is_not_compared() -> None:
    """`exp is True` is "does it expire"."""
    believe_signed(lambda _, claims: claims.get("exp") is True)


@typed(says=refused("with a list for its end"))
def an_end_in_a_list_is_not_compared() -> None:
    """A comparison that raises TypeError is passed over: lists."""
    believe_signed(lambda _, claims: isinstance(claims.get("exp"), list))


@typed(says=refused("with an object for its end"))
def an_end_that_is_an_object_is_not_compared() -> None:
    """A comparison that raises TypeError is passed over: objects."""
    believe_signed(lambda _, claims: isinstance(claims.get("exp"), dict))


@fault(
    defect="tv-alg-not-pinned",
    caught_by="token-algorithm-is-pinned",
    says=refused("signed with HS(384|512)"),
    level="should",
)
def any_size_of_hmac_will_do() -> None:
    """The list of algorithms holds all three."""
    believe_signed(lambda header, _: header.get("alg") in ("HS384", "HS512"))


@fault(
    defect="tv-alg-case-insensitive",
    caught_by="token-algorithm-is-spelt-exactly",
    says=refused("with its algorithm in lower case"),
    level="should",
)
def the_algorithm_is_compared_without_its_case() -> None:
    """`header["alg"].upper()`."""
    believe_signed(lambda header, _: str(header.get("alg")).islower() and header["alg"] != "none")


@fault(
    defect="tv-secret-too-short",
    caught_by="token-secret-is-long-enough",
    says="at least 32 bytes.*it has 20",
    level="should",
    settings={"REFERENCE_JWT_SECRET": "q7Zk2Vx9Lm4Tn8Rw1Yc3"},
)
def the_secret_is_shorter_than_its_hash() -> None:
    """Twenty characters sign the tokens, and nothing refused to start with them."""
    replace(settings, "_strong", lambda secret: secret)


# --- leeway ---


def after_its_end(longest: float) -> None:
    """Take tokens for so many seconds after their end."""
    believe_signed(lambda _, claims: 0 < time.time() - claims.get("exp", 0) < longest)


@fault(
    defect="ex-leeway-excessive",
    caught_by="token-leeway-is-of-minutes",
    says=refused("that ended ten minutes ago"),
    level="should",
)
def clocks_may_differ_by_a_quarter_of_an_hour() -> None:
    """Leeway was raised until the complaints ended."""
    after_its_end(900)


@fault(
    defect="ex-leeway-excessive",
    caught_by="token-leeway-is-of-minutes",
    says=refused("that ended half an hour ago"),
    level="should",
)
def clocks_may_differ_by_an_hour() -> None:
    """A server in another time zone than its clock says."""
    after_its_end(3600)
