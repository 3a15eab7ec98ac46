"""For `pytest` in a checkout; `auth-conformance run` names the same plugin and loads no conftest."""

pytest_plugins = ["harness.pytest_plugin.suite"]
