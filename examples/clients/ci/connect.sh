#!/bin/sh
# Takes an identity's IAM role, as one of its principals, and connects with psql. Arguments go to psql.
# In the environment: credentials of the principal, AWS_REGION, ROLE_ARN, and EXTERNAL_ID where the file has one;
# PARAMETERS, such as /dev/database, and SERVICE, such as deployments.
set -eu
export AWS_DEFAULT_REGION="$AWS_REGION" # version 1 of the AWS CLI knows no other
here="$(dirname "$0")"

# Without --external-id AWS refuses, and says no more than AccessDenied.
session="$(aws sts assume-role --role-arn "$ROLE_ARN" --role-session-name "$SERVICE" ${EXTERNAL_ID:+--external-id "$EXTERNAL_ID"} \
  --query "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]" --output text)"
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<EOT
$session
EOT
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN

# The role may read how to connect.
variables="$(aws ssm get-parameters-by-path --path "$PARAMETERS/$SERVICE" --query "Parameters[].[Name,Value]" --output text)"
while read -r name value; do export "${name##*/}=$value"; done <<EOT
$variables
EOT
PGSSLROOTCERT="$(mktemp)"
export PGSSLROOTCERT
aws ssm get-parameter --name "$PARAMETERS/rds-ca.pem" --query Parameter.Value --output text > "$PGSSLROOTCERT"

exec sh "$here/../psql/connect.sh" "$@"
