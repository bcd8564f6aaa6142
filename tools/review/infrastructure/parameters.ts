import { isDeepStrictEqual } from "node:util";
import { change, isObject, type JsonObject, own } from "./differences";
import type { Effect } from "./effect";

/** Settings of PostgreSQL that protect something, by name; of others it is told that they change. */
const SETTINGS = [
  { name: /^(rds\.force_ssl|ssl|ssl_.*|password_encryption)$/, kind: "encryption-weakened", safe: "1" },
  {
    name: /^(rds\.restrict_password_commands|rds\.accepted_password_auth_method)$/,
    kind: "policy-widened",
    safe: "1",
  },
  { name: /^(log_.*|pgaudit\..*|rds\.log_.*)$/, kind: "protection-off", safe: undefined },
  { name: /^(shared_preload_libraries|session_preload_libraries)$/, kind: "policy-widened", safe: undefined },
] as const;

/** What becomes safer. */
const BETTER = {
  "encryption-weakened": "encryption-strengthened",
  "policy-widened": "policy-narrowed",
} as const;

/** What a change does to the settings in a parameter group, each by its name. */
export function parameterEffects(type: string, before: JsonObject, after: JsonObject): Effect[] {
  if (type !== "aws_rds_cluster_parameter_group") return [];
  const [was, is] = [settings(before), settings(after)];
  if (!was || !is) {
    const differ = !isDeepStrictEqual(own(before, "parameter"), own(after, "parameter"));
    const says = "has two settings of one name, of which nobody here knows which counts";
    return differ ? [{ kind: "encryption-weakened", says, tells: [["parameter"]] }] : [];
  }
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name): Effect[] => {
    const [old, now] = [was.get(name), is.get(name)];
    if (isDeepStrictEqual(old, now)) return [];
    const says = `${name} ${change(own(old ?? {}, "value"), own(now ?? {}, "value"))}`;
    const row = SETTINGS.find((each) => each.name.test(name));
    if (!row) return [{ kind: "resource-changed", says: `changes ${says}`, tells: [["parameter"]] }];
    const safer = row.safe !== undefined && own(now ?? {}, "value") === row.safe && row.kind in BETTER;
    return [{ kind: safer ? BETTER[row.kind] : row.kind, says, tells: [["parameter"]] }];
  });
}

/** Settings by name; undefined when two have one name, or one has none. */
function settings(body: JsonObject): Map<string, JsonObject> | undefined {
  const list = own(body, "parameter") ?? [];
  const blocks = (Array.isArray(list) ? list : [list]).filter(isObject);
  const byName = new Map(blocks.map((each) => [String(own(each, "name")), each]));
  return byName.size === blocks.length ? byName : undefined;
}
