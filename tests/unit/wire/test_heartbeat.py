"""A deployment that answers otherwise than before is down, and what comes from it then is no finding."""

from dataclasses import replace

import pytest

from harness.core.exchange import Exchange, NoAnswer
from harness.wire.heartbeat import Heartbeat, Known, Outage
from harness.wire.throttle import Throttled

FINE = Exchange(
    "the doctor",
    "GET",
    "http://app.test/session",
    [],
    b"",
    200,
    [("Content-Type", "application/json")],
    b"null",
    0.0,
)
PAGE = replace(FINE, headers=[("Content-Type", "text/html; charset=utf-8")])
BROKEN = replace(FINE, status=500)
SILENT = NoAnswer("GET", FINE.url, "refused", timed_out=False)


class Deployment:
    """Answers one request after another; the last one for ever."""

    def __init__(self, *answers: Exchange | Exception) -> None:
        self.answers = list(answers)
        self.waited: list[float] = []
        self.told: list[str] = []
        self.heartbeat = Heartbeat(self.ask, self.waited.append, self.told.append)

    def ask(self, known: Known) -> Exchange:
        assert (known.method, known.url) == (FINE.method, FINE.url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def known(*answers: Exchange | Exception) -> Deployment:
    made = Deployment(*answers)
    made.heartbeat.learn(FINE)
    return made


def test_a_deployment_that_answers_as_before_is_there() -> None:
    deployment = known(replace(FINE, body=b"other", headers=[("content-type", "Application/JSON; charset=utf-8")]))
    deployment.heartbeat.must_beat()
    assert (deployment.waited, deployment.told) == ([], [])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (BROKEN, r"was answered 200 \(application/json\) and is now 500 \(application/json\)"),
        (PAGE, r"was answered 200 \(application/json\) and is now 200 \(text/html\)"),
        (SILENT, "refused"),
        (Throttled("the deployment throttles."), "the deployment throttles"),
    ],
    ids=["500", "a page", "no answer", "429"],
)
def test_one_that_stays_away_ends_the_run(answer: Exchange | Exception, says: str) -> None:
    deployment = known(answer)
    deployment.heartbeat.asked = 41
    deployment.heartbeat.note(FINE, in_trouble=False)
    with pytest.raises(Outage, match=rf"stopped judging: .*{says} \(since request 42, \d\d:\d\d:\d\d\)"):
        deployment.heartbeat.must_beat()
    assert sum(deployment.waited) == 30
    with pytest.raises(Outage, match="stopped judging"):
        deployment.heartbeat.must_go_on()


def test_one_that_comes_back_costs_what_was_asked_meanwhile() -> None:
    deployment = known(SILENT, SILENT, FINE)
    with pytest.raises(Outage, match="was down"):
        deployment.heartbeat.must_beat()
    deployment.heartbeat.must_go_on()
    deployment.heartbeat.must_beat()
    assert deployment.heartbeat.returns == 1
    assert [line.partition(":")[0] for line in deployment.told] == [
        "the deployment is down",
        "the deployment is back, and the run goes on",
    ]


def test_nothing_is_said_where_no_answer_is_known() -> None:
    deployment = Deployment(SILENT)
    deployment.heartbeat.learn(BROKEN)
    deployment.heartbeat.must_beat()


def test_another_process_asks_the_same() -> None:
    first, second = known(FINE), Deployment(BROKEN)
    second.heartbeat.join(first.heartbeat.ticket())
    assert second.heartbeat.known == first.heartbeat.known
    Deployment(FINE).heartbeat.join(Deployment(FINE).heartbeat.ticket())
