variable "subnet_ids" { type = list(string) }         # private-subnet-ids of dev-network
variable "security_group_ids" { type = list(string) } # client-security-group-id of dev-access

data "aws_ssm_parameters_by_path" "connection" {
  path = "/dev/database/invoices"
}

locals {
  names      = data.aws_ssm_parameters_by_path.connection.names
  values     = nonsensitive(data.aws_ssm_parameters_by_path.connection.values)
  connection = { for index, name in local.names : basename(name) => local.values[index] }
}

resource "aws_lambda_function" "invoices" {
  function_name = "invoices"
  role          = "arn:aws:iam::123456789012:role/dev-db-invoices"
  runtime       = "nodejs22.x"
  handler       = "lambda.handler"
  filename      = "invoices.zip" # the three files, node_modules with pg, and rds-ca.pem
  timeout       = 30

  reserved_concurrent_executions = 50

  environment {
    variables = merge(local.connection, { PGSSLROOTCERT = "/var/task/rds-ca.pem" })
  }
  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }
}
