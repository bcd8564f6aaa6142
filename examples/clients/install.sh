#!/bin/sh
# Installs what the Python and Java examples need, each where its toolchain is on this machine.
# Python: a virtual environment in python/.venv, of packages by their digests. Java: classes and jars in java/target, each of the
# checksum that the repository states.
cd "$(dirname "$0")" || exit 1
if command -v python3 >/dev/null; then
  python3 -m venv python/.venv && python/.venv/bin/pip install --quiet --require-hashes -r python/locked.txt || rm -rf python/.venv
fi
if command -v mvn >/dev/null; then
  mvn --quiet --batch-mode --strict-checksums -f java/pom.xml compile dependency:copy-dependencies -DoutputDirectory=target/jars || rm -rf java/target
fi
