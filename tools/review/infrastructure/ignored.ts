import { isObject, type JsonObject, own, startsWith } from "./differences";

/** Whether Terraform leaves a change alone, by what the resource will say in `lifecycle.ignore_changes`. */
export function isIgnored(body: JsonObject, path: readonly string[]): boolean {
  const lifecycle = own(body, "lifecycle");
  const ignored = isObject(lifecycle) ? own(lifecycle, "ignore_changes") : undefined;
  if (ignored === "all") return true;
  return (Array.isArray(ignored) ? ignored : [])
    .filter((each) => typeof each === "string")
    .some((each) => startsWith(path, each.replace(/\[[^\]]*\]/g, "").split(".")));
}
