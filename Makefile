# Needs python3 (3.11 or newer) and nothing else: uv is fetched by pip into build/tools where there is none, and the
# environment is made once and again when pyproject.toml or uv.lock changes. ARGS is passed on.

.DEFAULT_GOAL := help
EXAMPLES := better-auth fastapi-users nextjs-better-auth simplejwt
.PHONY: help setup run unit test fuzz faults matrix variants pages figures examples $(EXAMPLES:%=example-%) package image serve lint format clean

# "uv --version" and not "which": a version manager's shim can be there without the program.
TOOLS := $(CURDIR)/build/tools
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo $(TOOLS)/bin/uv)
UV_RUN := $(UV) run --no-sync
READY := .venv/.ready
ARGS ?=
# Of what takes longest one third runs on a day.
TODAY := $(shell echo $$(($$(date -u +%j | sed 's/^0*//') % 3)))

export PATH := $(PATH):$(TOOLS)/bin
# The interpreter at hand is taken when it fits; only without one does uv download it.
export UV_PYTHON_PREFERENCE ?= system
# For the examples' own environments.
export AUTH_CONFORMANCE_UV := $(UV)
# Compiled modules are kept, and not beside the sources: compiling them is half of a short run's time.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/build/pycache
# Another environment that happens to be active is not ours to use.
unexport VIRTUAL_ENV

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make the environment (the other targets do it by themselves)

run: $(READY) ## Run the specification; ARGS="https://... --target better-auth -k signin"
	$(UV_RUN) auth-conformance run $(ARGS)

unit: $(READY) ## The tests that need no process, no network and no browser; ARGS="-k cookie"
	$(UV_RUN) pytest tests/unit -n 2 -q $(ARGS)

test: $(READY) ## The tests of the harness, then the specification against the reference backend
	$(UV_RUN) pytest tests/unit -n 2 -q --third $(or $(THIRD),$(TODAY))
	$(UV_RUN) pytest tests/process -n 2 --dist loadfile -q --third $(or $(THIRD),$(TODAY))
	$(UV_RUN) pytest tests/browser -n 2 --dist loadfile -q
	$(UV_RUN) auth-conformance run -n 2 $(ARGS)

fuzz: $(READY) ## What reads a deployment's words, with many thousand examples each; ARGS="-k cookie"
	HYPOTHESIS_PROFILE=long $(UV_RUN) pytest tests/unit -k untrusted -n 2 -q $(ARGS)

faults: $(READY) ## Every planted fault against the scenarios that must catch it; ARGS="-k sign-out"
	$(UV_RUN) pytest tests/detection -n 4 -q $(THIRD:%=--third %) $(ARGS)

matrix: $(READY) ## Every planted fault against the whole suite, written to docs/faults.md; ARGS="--flow signin"
	$(UV_RUN) python -m tests.detection.matrix $(ARGS)

variants: $(READY) ## Every correct variant against the whole suite, written to docs/never_fail_on.md; ARGS="--flow signin"
	$(UV_RUN) python -m tests.detection.variants_page $(ARGS)

pages: $(READY) ## Write the pages of docs/ that are made from features, models and the catalogue, the site included
	$(UV_RUN) python -m harness.report.documentation
	$(UV_RUN) python -m harness.profile.documentation
	$(UV_RUN) python -m tests.detection.requirements_page

figures: $(READY) ## Measure what each scenario costs against the reference backend, written to features/figures.toml
	$(UV_RUN) auth-conformance run --settings none --report-dir build/figures $(ARGS)
	$(UV_RUN) python -m harness.report.figures build/figures/report.json

examples: $(EXAMPLES:%=example-%) ## Run the specification against every deployment in examples/

# One of them: make example-fastapi-users ARGS="-k signin"
$(EXAMPLES:%=example-%): example-%: $(READY)
	$(UV_RUN) python examples/$*/run.py $(THIRD:%=--third %) $(ARGS)

package: $(READY) ## Build the package, check it, and run the wheel with each Python that is here
	AUTH_CONFORMANCE_UV=$(UV) .ci/package $(ARGS)

image: ## Build the image on a base of this machine's packages, and run it beside the reference backend (Docker)
	.ci/image

serve: $(READY) ## Start the reference backend for a person to click through
	$(UV_RUN) auth-conformance serve $(ARGS)

lint: $(READY) ## ruff, mypy, the order of the rooms and the language, changing nothing
	$(UV_RUN) ruff check .
	$(UV_RUN) ruff format --check .
	$(UV_RUN) mypy
	for example in $(EXAMPLES); do MYPYPATH=examples/$$example $(UV_RUN) mypy examples/$$example || exit 1; done
	$(UV_RUN) lint-imports
	$(UV_RUN) python -m tests.support.language

format: $(READY) ## Rewrite the code in the project's format
	$(UV_RUN) ruff check --fix .
	$(UV_RUN) ruff format .

clean: ## Remove everything that the other targets made, the environment included
	rm -rf .venv build dist test-results .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# In the environment, so that it disappears with it.
$(READY): pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --all-extras
	@touch $@

$(TOOLS)/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Expected python3 to be Python 3.11 or newer. Install one, or install uv, which brings its own." >&2; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 || \
		{ echo "Expected uv, or pip to fetch it with. Install one: on Debian apt-get install python3-pip," \
		"elsewhere see https://docs.astral.sh/uv/getting-started/installation/." >&2; exit 1; }
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target $(TOOLS) uv
