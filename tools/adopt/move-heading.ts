import type { AccessPlan, DatabasePlan } from "../../model/access/plan";
import { ADMIN_USER, PUBLIC_SCHEMA } from "../../model/postgresql/names";
import { commentText } from "../../model/postgresql/quoting";
import type { LegacyRoles } from "./legacy-roles";
import type { LiveServer } from "./live-server";

/**
 * How far adopting goes. After `move` everything is as planned, and logins that are not the plan's go on with what they
 * could do; after `finish` they have nothing there any more.
 */
export type MovePhase = "move" | "finish";

/** What the moving SQL of a database will do, in words and numbers, as comments at its head. */
export function moveHeading(
  plan: AccessPlan,
  live: LiveServer,
  database: DatabasePlan,
  legacy: LegacyRoles,
  phase: MovePhase,
): string {
  const { name } = database;
  const admin = plan.adminUser ?? ADMIN_USER;
  const lines =
    phase === "move"
      ? [
          `Makes the database ${name} what ${plan.file} says, with all that is in it.`,
          "",
          ...whatMoves(plan, live, database),
          ...who(legacy),
          "",
          "All of it in one transaction. It changes no row and drops nothing. It may run again at any time: what is in place",
          "stays, what was made meanwhile is moved, and the last line says whether anything changed.",
        ]
      : [
          `Ends what the former logins may do in the database ${name}, once nobody uses them any more: see pg_stat_activity.`,
          "",
          legacy.all.length === 0
            ? "There was none when this was written."
            : `Nothing on the database and the file's schemas is left to ${legacy.all.join(", ")}. The roles stay; drop them when nobody misses them.`,
          "Then the same once more as the script that moved everything.",
        ];
  return [
    ...lines,
    `Run it as ${admin}, and after another database's script rather than beside it, since roles are common to all:`,
    `  psql "host=… user=${admin} dbname=postgres sslmode=verify-full sslrootcert=…" -X -f ${name}.${phase}.sql`,
    "With -v dry_run=1 before -f it says what would change, and changes nothing; it locks the same meanwhile.",
  ]
    .map((line) => `-- ${commentText(line)}`.trimEnd())
    .join("\n");
}

function whatMoves(plan: AccessPlan, live: LiveServer, { name, schemas, adopted }: DatabasePlan): string[] {
  const found = live.databases.find((each) => each.name === name);
  if (!found) return ["There was no such database when this was written."];
  const admin = plan.adminUser ?? ADMIN_USER;
  const count = (schema: string, but?: string) => {
    const kinds = new Map<string, number>();
    for (const { schema: where, kind, partOf, owner, names } of found.objects) {
      if (where !== schema || kind === "column" || partOf !== null || owner === but) continue;
      kinds.set(kind, (kinds.get(kind) ?? 0) + names.length);
    }
    return [...kinds].map(([kind, number]) => `${number} ${kind}${number === 1 ? "" : "s"}`).join(", ");
  };
  const moved = adopted?.publicTo === undefined ? "" : count(PUBLIC_SCHEMA);
  return [
    ...(found.owner === admin ? [] : [`The database is ${found.owner}'s and becomes ${admin}'s.`]),
    ...(moved === "" ? [] : [`What is in public moves to ${adopted?.publicTo}: ${moved}.`]),
    ...schemas.flatMap((schema) => {
      const others = count(schema.name, schema.owner);
      return others === "" ? [] : [`${schema.name}: ${others} become ${schema.owner}'s.`];
    }),
  ];
}

function who({ logins, kept }: LegacyRoles): string[] {
  return [
    ...(logins.length === 0
      ? []
      : [
          `They go on with what they can do, but make and change no tables, until the script that finishes: ${logins.join(", ")}.`,
        ]),
    ...(kept.length === 0
      ? []
      : [`They are what the file says from now on, and log in by token alone: ${kept.join(", ")}.`]),
  ];
}
