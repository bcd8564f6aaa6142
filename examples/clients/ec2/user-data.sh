#!/bin/bash
# User data of an instance with the instance profile dev-db-old-shop. It writes what programs connect with to
# /etc/database: connection.env, for EnvironmentFile= of systemd, and rds-ca.pem. On Amazon Linux all that it needs is there.
set -euo pipefail
umask 022
parameters=/dev/database
service=old-shop
folder="${DATABASE_FOLDER:-/etc/database}"

# IMDSv2: a token first, by a PUT, to which no program that fetches URLs for others can be talked into.
metadata="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}/latest"
token="$(curl -sSf -X PUT "$metadata/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60")"
AWS_DEFAULT_REGION="$(curl -sSf "$metadata/meta-data/placement/region" -H "X-aws-ec2-metadata-token: $token")"
export AWS_DEFAULT_REGION

variables="$(aws ssm get-parameters-by-path --path "$parameters/$service" --query "Parameters[].[Name,Value]" --output text)"
certificates="$(aws ssm get-parameter --name "$parameters/rds-ca.pem" --query Parameter.Value --output text)"

mkdir -p "$folder"
echo "$certificates" > "$folder/rds-ca.pem"
{
  echo "PGSSLROOTCERT=$folder/rds-ca.pem"
  while read -r name value; do echo "${name##*/}=$value"; done <<< "$variables"
} > "$folder/connection.env"
