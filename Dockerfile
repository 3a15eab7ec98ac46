# The suite with a Chromium, run by a user without rights. Python's packages are those of uv.lock.
#
#   docker build -t auth-conformance .
#   docker run --rm --init -v "$PWD:/work" --user "$(id -u):$(id -g)" auth-conformance run https://staging.example.com --target mine.toml
#
# BASE is any Debian from 12 on; pin it by its digest where builds have to be the same next year.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS built
ENV UV_VERSION=0.13.9 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/auth-conformance
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --quiet --no-cache-dir --disable-pip-version-check "uv==$UV_VERSION"
WORKDIR /source
# Before the code, so that a change of the code does not install all of them again.
COPY pyproject.toml uv.lock ./
RUN /opt/tools/bin/uv sync --quiet --frozen --no-cache --no-default-groups --all-extras --group build --no-install-project
COPY README.md LICENSE ./
COPY auth_conformance auth_conformance
COPY harness harness
COPY steps steps
COPY features features
COPY reference_backend reference_backend
# What only builds is taken away again.
RUN /opt/tools/bin/uv pip install --quiet --no-cache --no-deps --no-build-isolation --python /opt/auth-conformance . \
    && /opt/tools/bin/uv pip uninstall --quiet --python /opt/auth-conformance hatchling \
    && /opt/auth-conformance/bin/python -m compileall -q /opt/auth-conformance

FROM ${BASE}
# libatomic1 is for Playwright's own program, which is in Python's packages.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates chromium-headless-shell libatomic1 python3 \
    && apt-get clean && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /work conformance
COPY --from=built /opt/auth-conformance /opt/auth-conformance
# Whoever runs it as another user has a folder to write to as well.
ENV PATH=/opt/auth-conformance/bin:$PATH HOME=/tmp AUTH_CONFORMANCE_BROWSER=/usr/bin/chromium-headless-shell
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["auth-conformance"]
CMD ["--help"]
