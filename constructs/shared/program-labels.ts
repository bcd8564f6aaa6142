/**
 * Labels that every object of one of our own programs in Kubernetes carries.
 * @param program name of what it is part of, such as the service that the message board's web pods run as
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function programLabels(program: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": program, "app.kubernetes.io/managed-by": "cdktf" };
}

/** Labels of the pods of one part of a program, and with them its selector. A Deployment's selector can never change. */
export function componentLabels(program: string, component: "web" | "migrations"): Record<string, string> {
  return { "app.kubernetes.io/part-of": program, "app.kubernetes.io/component": component };
}
