import type { Postcondition } from "cdktf";

/**
 * A condition on what a data source has read, in Terraform's expression language: when it is false the plan fails with
 * the message. cdktf drops conditions of outputs; those of data sources it keeps.
 * @param condition expression on `self`, without `${}`. A list of references goes into a local first: cdktf would leave
 * them as plain text between the quotes of an expression.
 * @param message what is wrong and what to do, as sentences; `${self.…}` in it is filled in
 * @see https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
 */
export function postcondition(condition: string, message: string): Postcondition {
  return { condition: `\${${condition}}`, errorMessage: message };
}
