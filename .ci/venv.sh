#!/bin/sh
# Installs one lock file into .venv, made (or made again, when it no longer runs) on the way.
# usage: venv.sh requirements.txt
set -eu

usable() { .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# What a refused or interrupted install leaves must not be mistaken for a finished one.
rm -f .venv/.installed-dev
if ! usable; then
    python=$(sh .ci/doctor.sh --python)
    echo "Creating .venv with $python"
    "$python" -m venv --clear .venv
fi
echo "Installing $1 (every file is checked against its hash)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: --requirement "$1"
