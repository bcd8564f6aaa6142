#!/bin/bash
# User data of an EC2 instance with the instance profile dev-db-reports: puts what a program connects with into two files,
# /etc/database/connection.env and /etc/database/rds-ca.pem. Amazon Linux 2023 brings all that it needs.
set -euo pipefail
parameters=/dev/database/reports
folder="${1:-/etc/database}"

# IMDSv2: a token first, by PUT, which requests that somebody was tricked into cannot do.
imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
token="$(curl -sSf -X PUT "$imds/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60")"
AWS_REGION="$(curl -sSf "$imds/latest/meta-data/placement/region" -H "X-aws-ec2-metadata-token: $token")"
export AWS_REGION AWS_DEFAULT_REGION="$AWS_REGION"

install -d -m 755 "$folder"
aws ssm get-parameter --name "$parameters/CA" --query Parameter.Value --output text > "$folder/rds-ca.pem"
{
  aws ssm get-parameters-by-path --path "$parameters" --query 'Parameters[].[Name,Value]' --output text |
    while IFS=$'\t' read -r name value; do echo "${name##*/}=$value"; done
  echo "PGSSLROOTCERT=$folder/rds-ca.pem"
} > "$folder/connection.env"
