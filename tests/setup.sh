#!/bin/sh
# What the tests need: a virtual environment in .venv with the package and its extras, and the programs of a PostgreSQL server.
set -eu
cd "$(dirname "$0")/.."

python3 -m venv .venv
.venv/bin/pip install -q -e ".[test,serve,watch]"
# On Python 3.13 the C code of durable_rules needs this definition; a wheel from a cache may have been built without it.
CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject .venv/bin/pip install -q --no-cache-dir -e ".[live]"
# Spark runs where there is Java; without it its tests are skipped.
if command -v java >/dev/null; then
    .venv/bin/pip install -q -e ".[spark]"
fi

if ! command -v postgres >/dev/null && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    else
        echo "tests/setup.sh: no PostgreSQL server found: install the package postgresql, or its tests are skipped" >&2
    fi
fi
