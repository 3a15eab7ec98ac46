"""Which plugins and step modules the suite is made of."""

pytest_plugins = [
    "harness.pytest_plugin.plugin",
    "steps.people",
    "steps.signing",
    "steps.account",
    "steps.sessions",
    "steps.tokens",
    "steps.tasks",
    "steps.pages",
    "steps.crosssite",
    "steps.browser",
]
