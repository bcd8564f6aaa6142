#!/bin/sh
# Installs what the examples need, each where its toolchain is on this machine. No install script of theirs is run.
# Node.js: the frameworks' packages, as their lock file has them. Go: a program in go/target, of modules by their sums.
# Python: a virtual environment in python/.venv, of packages by their digests. Java: classes and jars in java/target, each of the
# checksum that the repository states.
cd "$(dirname "$0")" || exit 1
if command -v npm >/dev/null; then
  # Prisma's client is made without an engine, and its command would download one first.
  (cd node && npm ci --ignore-scripts --loglevel=error && PRISMA_SCHEMA_ENGINE_BINARY="$(command -v node)" CHECKPOINT_DISABLE=1 npx prisma generate --schema schema.prisma >/dev/null)
fi
if command -v go >/dev/null; then
  (cd go && mkdir -p target && go build -o target/connect .) || rm -rf go/target
fi
if command -v python3 >/dev/null; then
  python3 -m venv python/.venv && python/.venv/bin/pip install --quiet --require-hashes -r python/locked.txt || rm -rf python/.venv
  [ ! -d python/.venv ] || python/.venv/bin/pip install --quiet --require-hashes -r python/frameworks-locked.txt
fi
if command -v mvn >/dev/null; then
  mvn --quiet --batch-mode --strict-checksums -f java/pom.xml compile dependency:copy-dependencies -DoutputDirectory=target/jars || rm -rf java/target
  mvn --quiet --batch-mode --strict-checksums -f java/frameworks/pom.xml compile dependency:copy-dependencies -DoutputDirectory=target/jars || rm -rf java/frameworks/target
fi
