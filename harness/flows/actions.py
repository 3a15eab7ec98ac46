"""What a page can do for its user, by its word."""

from __future__ import annotations

from harness.core.vocabulary import Vocabulary
from harness.flows.account_actions import (
    ChangePassword,
    DeleteAccount,
    EndAllSessions,
    EndOneSession,
    EndOtherSessions,
)
from harness.flows.page_actions import Action, ChangeName, SignOut
from harness.flows.refresh_actions import UseUpRefreshToken
from harness.flows.task_actions import ChangeTask, CreateTask, DeleteTask

ACTIONS: Vocabulary[Action] = Vocabulary(
    "action of a page",
    {
        "change her name": ChangeName(),
        "change her password": ChangePassword(),
        "sign her out": SignOut(),
        "end her other sessions": EndOtherSessions(),
        "end one of her sessions": EndOneSession(),
        "end all her sessions": EndAllSessions(),
        "use up her refresh token": UseUpRefreshToken(),
        "delete her account": DeleteAccount(),
        "create a task": CreateTask(),
        "change a task": ChangeTask(),
        "delete a task": DeleteTask(),
    },
)
