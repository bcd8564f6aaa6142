import { texts } from "./app";
import type { TerraformJson } from "./construct";

/** What `${…}` and depends_on of a stack refer to, as `type.name` or `data.type.name`. */
export function references(stack: TerraformJson): { path: string; reference: string }[] {
  return texts(stack).flatMap(({ path, text }) => {
    const expressions = /\/depends_on\/\d+$/.test(path)
      ? [text]
      : [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, expression = ""]) => expression);
    return expressions.flatMap((expression) =>
      [...expression.replace(/"[^"]*"/g, "").matchAll(/[A-Za-z_][\w-]*(\.[\w-]+)+/g)].map(([reference]) => ({
        path,
        reference,
      })),
    );
  });
}

/** True when the file itself declares what a reference names. */
export function resolves(stack: TerraformJson, reference: string): boolean {
  const [first = "", second = "", third = ""] = reference.split(".");
  switch (first) {
    case "data":
      return stack.data?.[second]?.[third] !== undefined;
    case "ephemeral":
      return stack.ephemeral?.[second]?.[third] !== undefined;
    case "local":
      return stack.locals?.[second] !== undefined;
    case "terraform":
      return second === "workspace";
    // What a condition speaks of, and the item of a for_each.
    case "self":
    case "each":
      return true;
    default:
      return stack.resource?.[first]?.[second] !== undefined;
  }
}
