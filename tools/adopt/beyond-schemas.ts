import type { LiveServer } from "./live-server";
import type { Beyond } from "./proposal";
import type { Target } from "./targets";
import { count, lineIf, listed, some, systemRoles } from "./words";

/** What is to be seen to in one schema, whatever the levels say. */
export function schemaLines(live: LiveServer, target: Target): Beyond[] {
  const { database, schema, objects: own, target: where } = target;
  const system = systemRoles(live);
  const stuck = own.filter(({ owner }) => system.has(owner));
  const definers = own.filter(({ kind }) => kind === "SECURITY DEFINER routine");
  const tables = database.protectedTables.filter((each) => each.schema === schema);
  const policies = tables.flatMap((table) =>
    table.policies.filter(({ roles }) => roles.length > 0).map((policy) => `${policy.name} on ${table.name}`),
  );
  const named =
    policies.length === 0 ? "" : ` These policies name roles that no identity is in: ${some(policies)}.`;
  return [
    ...(schema === target.to ? [] : moveLines(target)),
    ...lineIf(
      stuck,
      where,
      `${listed(stuck)}: this belongs to ${some(stuck.map(({ owner }) => owner))}, from whom the admin cannot take it.`,
      "Drop it if nothing needs it, or leave it where it is.",
    ),
    ...lineIf(
      definers,
      where,
      `${listed(definers)}: this runs with its owner's rights (SECURITY DEFINER), and the owner will be the schema's owner group. Whoever writes the schema may execute it.`,
      "Look at what it does, and whether it needs rights in another schema, which the group does not have.",
    ),
    ...lineIf(
      tables,
      where,
      `There is row-level security on ${some(tables.map(({ name }) => name))}. An application that owned its tables passed it by; with read-write it does not.${named}`,
      "Try the application as its new identity. Write policies TO PUBLIC, with the group role in their condition (docs/access-model.md).",
    ),
  ];
}

/** What comes of moving what is in `public`. */
function moveLines({ database, schema, to, target: where }: Target): Beyond[] {
  const mentions = database.mentions.filter(({ names }) => names === schema);
  const published = database.others.filter(({ type, extension }) => type === "publication" && !extension);
  return [
    ...lineIf(
      true,
      where,
      `What the application has in ${database.name}.${schema} moves to the schema ${to}; what extensions put there stays. Identities look names up in ${to} (searchPath). A session of an old login that is open at that moment no longer finds them.`,
      `Before that, for each old login that is in use: ALTER ROLE … SET search_path = "$user", ${to}, ${schema}; then let it connect anew: a schema that is not there yet is passed over. Where the application writes ${schema}.<table>, write ${to}.<table> or no schema at all.`,
    ),
    ...lineIf(
      mentions,
      where,
      `${count(new Set(mentions.map((each) => `${each.schema}.${each.routine}`)).size, "routine")} would still look in ${schema}: ${some(mentions.map((each) => `${each.schema}.${each.routine} (${each.by === "text" ? "in its text" : "by its search_path"})`))}.`,
      `Write ${to} in place of ${schema} there, right after the move.`,
    ),
    ...lineIf(
      published,
      where,
      `${some(published.map(({ identity }) => identity))} publishes from this database, and subscribers know tables by the name of their schema.`,
      `Give the subscribers' tables the schema ${to} at the same time.`,
    ),
  ];
}
