import { defaults } from "../../model/config/access/defaults";
import { LEVEL_NAMES, OWNER } from "../../model/postgresql/levels";
import { ADMIN_USER, groupRole } from "../../model/postgresql/names";
import { accepted } from "./accepted";
import { databaseLines, leftOut } from "./beyond-databases";
import { loginLines } from "./beyond-logins";
import { publicLines } from "./beyond-public";
import { schemaLines } from "./beyond-schemas";
import { asAccess, type Draft, databaseOf } from "./draft";
import { accessOf, proposeIdentities } from "./identities";
import { Keys } from "./keys";
import type { LiveServer } from "./live-server";
import { findLogins, type Login } from "./logins";
import type { Beyond, EnvironmentFacts, KeyComment, Proposal, ProposeOptions } from "./proposal";
import { reaches } from "./reach";
import { keptSettings } from "./settings";
import { type Target, targetsOf } from "./targets";

/**
 * The `access` section that fits a live server best, and what it cannot say. Whatever is in the server, what is proposed is
 * taken by the model as it stands, and what the model does not take is in `beyond` with the model's own words.
 */
export function propose(
  live: LiveServer,
  facts: EnvironmentFacts,
  { inPlace = false }: ProposeOptions = {},
): Proposal {
  const admin = facts.adminUser ?? ADMIN_USER;
  const targets = live.databases.flatMap((database) => targetsOf(live, database));
  const found = findLogins(live, admin, reaches(live));
  const logins = accessOf(found.logins, targets);
  const schemas = new Set(targets.map(({ to }) => to.toLowerCase()));
  const groups = targets.flatMap(({ database, to }) =>
    LEVEL_NAMES.map((level) => groupRole(database.name, to, level)),
  );
  const keys = new Keys(String(facts.file.name ?? ""), [
    ...live.roles.map(({ name }) => name),
    ...schemas,
    ...groups,
  ]);
  const defaultLimit = defaults.parse({}).connectionLimit;
  const identities = proposeIdentities(
    logins,
    targets,
    keys,
    (login, on) => keptSettings(login, on, sessionsOf(live, login), defaultLimit),
    (login) => (inPlace || login.password === "none" ? keys.inPlace(login.name, schemas) : undefined),
  );
  const draft: Draft = {
    databases: live.databases.flatMap((database) => draftDatabase(database.name, targets)),
    services: identities.services,
  };
  const taken = accepted(draft, facts);
  const access = taken.draft.databases.length === 0 ? undefined : asAccess(taken.draft);
  const kept = new Set(taken.draft.services.map(({ key }) => key));
  const migrated = new Set(
    identities.services.flatMap(({ key, grants }) =>
      grants.flatMap(([target, level]) => (level === OWNER ? [`${login(key)} ${target}`] : [])),
    ),
  );
  function login(key: string): string | null | undefined {
    return identities.identities.find((each) => each.key === key)?.login;
  }
  return {
    ...(access && { access }),
    comments: [
      ...moveComments(targets, taken.draft),
      ...identities.comments.filter(({ path: [, key] }) => key !== undefined && kept.has(key)),
    ],
    identities: identities.identities.filter(({ key }) => kept.has(key)),
    schemaMoves: movesOf(taken.draft),
    beyond: inOrder([
      ...live.databases.flatMap((database) => {
        const own = targets.filter((target) => target.database === database);
        const missing = leftOut(live, database, own);
        if (missing) return missing;
        // Of what the model does not take there is nothing more to say.
        if (!taken.draft.databases.some(({ name }) => name === database.name)) return [];
        return [
          ...databaseLines(live, database),
          ...publicLines(live, database),
          ...own.flatMap((target) => schemaLines(live, target)),
        ];
      }),
      ...found.beyond,
      ...logins.flatMap((each) => [
        ...(each.access.length === 0 ? [nothing(each.login)] : []),
        ...loginLines(each, ({ target }) => migrated.has(`${each.login.name} ${target}`)),
      ]),
      ...identities.beyond,
      ...taken.beyond,
    ]),
  };
}

function draftDatabase(name: string, targets: readonly Target[]): Draft["databases"] {
  const own = targets.filter(({ database }) => database.name === name);
  const [first] = own;
  if (!first) return [];
  const moved = own.find(({ schema, to }) => schema !== to);
  return [
    {
      name,
      schemas: own.map(({ to }) => to),
      extensions: first.database.extensions.map((extension) => extension.name),
      adopted: moved === undefined ? {} : { public: moved.to },
    },
  ];
}

function sessionsOf(live: LiveServer, { name }: Login): number {
  return live.sessions.find(({ role }) => role === name)?.pids.length ?? 0;
}

function movesOf({ databases }: Draft): Proposal["schemaMoves"] {
  return databases.flatMap(({ name, adopted }) =>
    adopted?.public === undefined ? [] : [{ database: name, from: "public", to: adopted.public }],
  );
}

function moveComments(targets: readonly Target[], { databases }: Draft): KeyComment[] {
  return targets.flatMap(({ database, schema, to, target }) =>
    schema !== to &&
    databases.some(({ name, schemas }) => name === databaseOf(target) && schemas.includes(to))
      ? [
          {
            path: ["databases", database.name],
            text: `What the application has in ${schema} today moves to ${to}.`,
          },
        ]
      : [],
  );
}

function nothing({ name }: Login): Beyond {
  return {
    where: `login ${name}`,
    what: "It may log in, and has nothing by name in any schema of the section.",
    proposal: "Drop it, or add it to the file by what it is for.",
  };
}

/** Each line once, by what it is about. */
function inOrder(beyond: readonly Beyond[]): Beyond[] {
  const lines = new Map(beyond.map((each) => [JSON.stringify(each), each]));
  const text = ({ where, what }: Beyond) => `${where}\n${what}`;
  return [...lines.values()].sort((left, right) => (text(left) < text(right) ? -1 : 1));
}
