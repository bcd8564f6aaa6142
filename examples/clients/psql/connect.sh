#!/bin/sh
# Connects with psql, and an IAM token signed by the AWS CLI. Arguments go to psql.
# To the readers, where there are any: PGHOST="$PGHOST_READER" sh connect.sh
# libpq reads PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLMODE and PGSSLROOTCERT by itself.
set -eu
PGPASSWORD="$(aws rds generate-db-auth-token --hostname "$PGHOST" --port "$PGPORT" --username "$PGUSER" --region "$AWS_REGION")"
export PGPASSWORD
exec psql "$@"
