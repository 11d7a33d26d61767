#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: Ubuntu 22.04 or 24.04, Debian 12 or newer.
# It makes a virtual environment beside itself and leaves the system's python3 as it is.
set -euo pipefail
umask 022

source_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$source_dir/.venv"
unset PYTHON PYTHONPATH PYTHONHOME
export DEBIAN_FRONTEND=noninteractive PIP_NO_CACHE_DIR="${PIP_NO_CACHE_DIR-1}"

say() { echo "setup.sh: $*"; }

fail() {
    echo "setup.sh: $*" >&2
    exit 1
}

# Runs a command whose output matters only if it fails.
quietly() {
    local output
    output="$("$@" 2>&1)" || { echo "$output" >&2 && return 1; }
}

find_python() { sh "$source_dir/scripts/find_python" 2>/dev/null; }

# Installs the first Python of 3.11 or newer that the distribution has, beside the one it came with.
install_python() {
    [ "$(id -u)" = 0 ] || fail "no Python 3.11 or newer with its venv module here, and only root can install one."
    command -v apt-get >/dev/null || fail "no Python 3.11 or newer here, and no apt-get to install one with."
    quietly apt-get update -qq || fail "apt-get update failed: is there a network?"
    for version in 3.12 3.11 3.13 3.14; do
        if apt-cache show "python$version-venv" >/dev/null 2>&1; then
            say "installing python$version"
            quietly apt-get install -qq -y --no-install-recommends "python$version" "python$version-venv" ||
                fail "apt-get could not install python$version."
            return
        fi
    done
    fail "the distribution has no Python 3.11 or newer (on Ubuntu it is in the component 'universe')."
}

# The reference and the graded suites are for root alone; the rest can be read, and changed by nobody else.
set_permissions() {
    chmod -R u+rwX,go+rX,go-w "$source_dir"
    for secret in reference tests/graded/hidden; do
        if [ -e "$source_dir/$secret" ]; then chmod -R go-rwx "$source_dir/$secret"; fi
    done
    if [ "$(id -u)" = 0 ]; then chown -R 0:0 "$source_dir"; fi
}

python="$(find_python)" || { install_python && python="$(find_python)"; } ||
    fail "the Python that was installed does not run."
say "using $python ($("$python" --version))"

"$python" -m venv --clear "$venv" || fail "$python could not make a virtual environment in $venv."
"$venv/bin/python" "$source_dir/scripts/install_dependencies.py" || fail "the requirements could not be installed."
(cd "$source_dir" && "$venv/bin/python" -m compileall -q autograder reference tests/graded) ||
    fail "a file of the autograder does not compile."
set_permissions

(cd "$source_dir" && "$venv/bin/python" -c 'import torch._dynamo, sympy, autograder') ||
    fail "what was installed does not import."
say "done"
