"""A deployment of a shape that nothing here knows is rightly judged by a profile alone, and found out when faulty.

`shop.toml` was written from docs/profile.md; `verdicts.json` holds, by what the shop lacks, the scenarios that are
not applicable. Every other scenario passes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.loader import ProfileError, load_profile
from tests.process.sixth_shape import shop_faults as faults
from tests.process.sixth_shape.shop_ledger import Ledger
from tests.process.sixth_shape.shop_server import Running, Shop, serving
from tests.support.suite import Ended, run

HERE = Path(__file__).parent
PROFILE = str(HERE / "shop.toml")
DATABASE = "SHOP_DATABASE_URL"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("shop")) as running:
        yield running


def judged(shop: Running, folder: Path, *features: str) -> Ended:
    target = ["--base-url", shop.counter, "--api-url", shop.shelf, "--target", PROFILE]
    chosen = [f"features/{name}.feature" for name in features] or ["features"]
    return run(folder, *chosen, "-q", "-m", "not needs-browser", *target, env={DATABASE: shop.database})


def verdicts(ended: Ended) -> dict[str, str]:
    """Verdict by identity, with its row where the scenario has rows."""
    try:
        results = ended.report["results"]
    except FileNotFoundError:
        pytest.fail(ended.output)
    return {one["identity"] + (f" [{one['row']}]" if one["row"] else ""): one["verdict"] for one in results}


# --- the shop as it is ---


def test_the_profile_can_be_used(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, "sqlite://")
    assert main(["profile", "check", PROFILE]) == Exit.CONFORMANT
    facts = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    ticket = "opaque, from sign_in (X-Shop-Ticket), presented in the header X-Shop-Ticket, revoked by sign-out"
    assert f"access token {ticket}" in facts
    assert "CSRF token cookie to header, in the header X-Shop-Form, on web and api" in facts
    assert f"variable {DATABASE}, the session database's URL: set" in facts


def test_the_doctor_has_no_doubt(
    shop: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE, shop.database)
    code = main(["doctor", shop.counter, "--api-url", shop.shelf, "--target", PROFILE])
    told = capsys.readouterr().out
    assert code == Exit.CONFORMANT, told
    assert {line.split()[0] for line in told.splitlines()[:-1]} == {"ok", "absent"}
    assert told.endswith("It can be tested.\n")


def test_all_that_applies_passes(shop: Running, tmp_path: Path) -> None:
    lacking: dict[str, list[str]] = json.loads((HERE / "verdicts.json").read_text("utf-8"))
    expected = {title for titles in lacking.values() for title in titles}
    ended = judged(shop, tmp_path)
    came = verdicts(ended)
    assert ended.code == Exit.CONFORMANT, ended.output
    assert set(came.values()) == {"pass", "not applicable"}, ended.output
    # A title without a row speaks of all rows.
    inapplicable = {title for title, verdict in came.items() if verdict == "not applicable"}
    named = {title if title in expected else title.partition(" [")[0] for title in inapplicable}
    assert named == expected
    passed = {title.partition(" [")[0] for title, verdict in came.items() if verdict == "pass"}
    assert not passed & expected


def test_discovery_recognises_nothing_and_says_so(
    shop: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "found.toml"
    assert main(["init", shop.counter, "--api-url", shop.shelf, "--output", str(file)]) == Exit.CONFORMANT
    said, text = capsys.readouterr().err, file.read_text("utf-8")
    assert "Recognised no known shape; the profile is a skeleton to fill in." in said
    assert f"Fill in the {text.count('# FILL IN')} places" in said
    for operation in ("sign_up", "sign_in", "session"):
        before = text.partition(f"[operations.{operation}]")[0].rstrip().splitlines()[-1]
        assert before.startswith("# FILL IN: ")
        assert before.endswith("this is an example.")
    assert main(["doctor", shop.counter, "--api-url", shop.shelf, "--target", str(file)]) == Exit.TARGET_UNUSABLE
    assert capsys.readouterr().out.count("this line still says FILL IN") == text.count("# FILL IN")
    with pytest.raises(ProfileError, match="still says FILL IN"):
        load_profile(str(file))
    # Taken as they stand, the examples fit no shop.
    file.write_text(text.replace("# FILL IN", "# Left"), "utf-8")
    profile = load_profile(str(file))
    absent = (profile.tasks, profile.pages, profile.csrf, profile.operations.refresh, profile.operations.sign_out)
    assert absent == (None,) * len(absent)
    code = main(["doctor", shop.counter, "--api-url", shop.shelf, "--target", str(file)])
    assert code == Exit.TARGET_UNUSABLE
    assert "GET /api/me without any credential was answered 200 (" in capsys.readouterr().err


# --- and with a fault ---


@dataclass(frozen=True)
class Fault:
    """A faulty class, the features that are asked, and the only scenarios of these that are no longer fine."""

    kind: type[Shop] | type[Ledger]
    features: tuple[str, ...]
    failing: frozenset[str]
    warned: frozenset[str] = field(default_factory=frozenset)


FAULTS = [
    Fault(
        faults.LeavesSittings,
        ("signout", "refresh"),
        frozenset(
            {"signout-ends-captured-session [place: session endpoint]", "refresh-token-refused-after-signout"}
        ),
        frozenset({"signout-ends-access-tokens"}),
    ),
    Fault(
        faults.RenewsAgain,
        ("refresh",),
        frozenset(
            {
                "refresh-token-works-once",
                "refresh-token-works-once-under-concurrency",
                "refresh-token-of-earlier-generation-refused",
                "refresh-reuse-ends-the-family",
            }
        ),
    ),
    Fault(
        faults.FitsAnySecret,
        ("signin", "signup"),
        frozenset(
            {
                "signin-odd-password-refused",
                "signin-prevents-sql-injection",
                "signin-wrong-password-refused",
                "signup-leaves-existing-account-alone",
            }
        ),
        frozenset({"signin-prevents-user-enumeration"}),
    ),
    Fault(faults.TellsWhoIsKnown, ("signin",), frozenset(), frozenset({"signin-prevents-user-enumeration"})),
    Fault(faults.TakesAnyField, ("signup",), frozenset({"signup-prevents-mass-assignment"})),
    Fault(
        faults.HonoursEndedTickets,
        ("expiry",),
        frozenset({"expiry-expired-session-is-refused [place: session endpoint]"}),
    ),
    Fault(
        faults.BelievesThePath,
        ("isolation",),
        frozenset(
            {
                "idor-task-read-is-refused",
                "idor-task-change-is-refused [call: replace]",
                "idor-task-delete-is-refused",
                "isolation-identity-from-credential-only [hint: the path]",
            }
        ),
    ),
    Fault(
        faults.AsksForNoTicket,
        ("token-verification",),
        frozenset(
            f"token-missing-is-refused [call: {call}]" for call in ("list", "create", "read", "replace", "delete")
        ),
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind.__name__)
def test_a_fault_turns_red_what_is_about_it(fault: Fault, tmp_path: Path) -> None:
    kind = fault.kind
    faulty = {"kind": kind} if issubclass(kind, Shop) else {"ledger": kind}
    with serving(tmp_path, **faulty) as shop:
        ended = judged(shop, tmp_path, *fault.features)
    came = verdicts(ended)
    odd = {title: verdict for title, verdict in came.items() if verdict not in ("pass", "not applicable")}
    assert odd == dict.fromkeys(fault.failing, "fail") | dict.fromkeys(fault.warned, "warn"), ended.output
    assert ended.code == (Exit.NOT_CONFORMANT if fault.failing else Exit.CONFORMANT)
