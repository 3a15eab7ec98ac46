"""The command.

Before it imports anything it makes sure that nothing is imported from the current folder.

The suite's folders have names that a user's folder may have as well: `harness`, `steps`, `features`. They lie
inside this package where it is installed and beside it in a checkout, and come first on the path of this process
and of each that it starts.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` puts the current folder before everything else, the standard library included.
    del sys.path[0]

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_HOME = _PACKAGE if (_PACKAGE / "harness").is_dir() else _PACKAGE.parent
_USAGE_ERROR = 4


def main() -> int:
    """Carry out the command line; returns the exit code."""
    if sys.platform == "win32":
        sys.stderr.write("auth-conformance runs on Linux and macOS; on Windows run it in WSL or in a container.\n")
        return _USAGE_ERROR
    sys.path.insert(0, str(_HOME))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_HOME), *([inherited] if inherited else [])])
    # No process of ours looks for modules in its current folder.
    os.environ["PYTHONSAFEPATH"] = "1"
    from harness.cli.main import main as command

    return command()


if __name__ == "__main__":
    sys.exit(main())
