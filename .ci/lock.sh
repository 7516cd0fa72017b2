#!/bin/sh
# Compiles pyproject.toml into requirements.txt and requirements-dev.txt: hashes for Linux and macOS,
# no address of any index, no note of who asked for what.
set -eu

compile() {
    .venv/bin/python -m uv pip compile pyproject.toml --quiet --universal --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --python-version 3.11 ${UPGRADE:+--upgrade} "$@"
}

compile --output-file requirements.txt
# Constrained by the first, so that what is tested is what is served.
compile --extra dev --constraints requirements.txt --output-file requirements-dev.txt
