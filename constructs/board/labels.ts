/** What a pod of the message board is for. */
export type Component = "web" | "migrations";

/**
 * Labels that every object of the message board carries.
 * @param app name of the board: that of the service its web pods run as
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function boardLabels(app: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": app, "app.kubernetes.io/managed-by": "cdktf" };
}

/** Labels of one component's pods, and with them its selector. A Deployment's selector can never change. */
export function componentLabels(app: string, component: Component): Record<string, string> {
  return { "app.kubernetes.io/part-of": app, "app.kubernetes.io/component": component };
}
