#!/bin/sh
# Says what this machine lacks, and what to type to get it. Exits 1 when something is missing.
# `doctor.sh --python` prints only the path of a fitting Python, for venv.sh.
# POSIX sh and no Python: it must run where Python is the missing piece.
set -u

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# venv alone is not enough: Debian ships it without ensurepip, and the environment has no pip then.
has_venv() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

say() { printf '%s\n' "$*" >&2; }

advise() { # advise DEBIAN_PACKAGES HOMEBREW_PACKAGES
    if command -v apt-get >/dev/null; then
        say "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install $1"
    elif [ "$(uname -s)" = Darwin ]; then
        say "  macOS:           brew install $2"
    else
        say "  Install: $1"
    fi
}

problems=0
missing() { # missing WHAT DEBIAN_PACKAGES HOMEBREW_PACKAGES
    say "Missing: $1"
    advise "$2" "$3"
    problems=1
}

mode=${1:-}
if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- python3 python3.14 python3.13 python3.12 python3.11
fi
python='' without_venv='' too_old=''
for candidate in "$@"; do
    path=$(command -v "$candidate" 2>/dev/null) || continue
    if ! fits "$path"; then
        too_old="$too_old $path ($("$path" -c 'import platform; print(platform.python_version())' 2>/dev/null || echo 'does not run'))"
    elif has_venv "$path"; then
        python=$path
        break
    else
        without_venv=$path
    fi
done

if [ -z "$python" ]; then
    if [ -n "$without_venv" ]; then
        name=$("$without_venv" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        missing "venv and ensurepip for $without_venv" "$name" python
    else
        [ -n "$too_old" ] && say "Found, but older than 3.11:$too_old"
        [ -n "${PYTHON:-}" ] && say "PYTHON=$PYTHON is the only one looked at: unset it to look further."
        missing "Python 3.11 or later" "python3 python3-venv" python
    fi
fi
command -v git >/dev/null || missing git git git
command -v make >/dev/null || missing make make make

if [ "$problems" -ne 0 ]; then exit 1; fi
if [ "$mode" = --python ]; then
    printf '%s\n' "$python"
else
    say "Ready: $python, git and make are here. Next: make demo"
fi
