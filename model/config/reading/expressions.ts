import { quote } from "../../../lib/nearest";
import type { Problem } from "../problem";
import { isObject } from "./schema-walk";

/**
 * What starts an expression: `${` and `%{` in every text of Terraform JSON, however it got there, and the marks by which cdktf
 * finds its own references in texts and lists.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
const EXPRESSION = /\$\{|%\{|TfToken\[/;

/**
 * Texts and names in a file's data that Terraform would evaluate: `${file("/etc/hostname")}` in a tag reads that file on
 * whatever machine plans. Nobody means that in an environment file, so they are refused wherever they are, also where a
 * key's own schema says nothing.
 */
export function expressionProblems(data: unknown, path: readonly PropertyKey[] = []): Problem[] {
  if (typeof data === "string") return EXPRESSION.test(data) ? [{ path, message: refusal(data) }] : [];
  if (Array.isArray(data)) return data.flatMap((item, index) => expressionProblems(item, [...path, index]));
  if (!isObject(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => [
    ...(EXPRESSION.test(key) ? [{ path: [...path, key], onKey: true, message: refusal(key) }] : []),
    ...expressionProblems(value, [...path, key]),
  ]);
}

function refusal(text: string): string {
  const [found] = EXPRESSION.exec(text) ?? [];
  return `${quote(text)} holds ${found}, which Terraform would evaluate; write the value itself`;
}
