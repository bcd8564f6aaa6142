import { defaults } from "../../model/config/access/defaults";
import { ADMIN_USER, PUBLIC_SCHEMA, schemaGroups } from "../../model/postgresql/names";
import { accepted } from "./accepted";
import { databaseLines, leftOut } from "./beyond-databases";
import { loginLines } from "./beyond-logins";
import { publicLines } from "./beyond-public";
import { schemaLines } from "./beyond-schemas";
import { asAccess, type Draft, type DraftDatabase } from "./draft";
import { accessOf, type Candidate, type LoginAccess, proposeIdentities } from "./identities";
import { Keys } from "./keys";
import type { AdoptedDatabase, LiveServer } from "./live-server";
import { findLogins, type Login } from "./logins";
import type { Beyond, EnvironmentFacts, KeyComment, Proposal, ProposeOptions } from "./proposal";
import { reaches } from "./reach";
import { keptSettings } from "./settings";
import { type Target, targetsOf } from "./targets";
import { lineIf } from "./words";

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
  const targets = live.databases.flatMap((database) => targetsOf(live, database, admin));
  const found = findLogins(live, admin, reaches(live));
  const logins = accessOf(found.logins, targets);
  const schemas = new Set(targets.map(({ to }) => to.toLowerCase()));
  const groups = new Set(
    targets.flatMap(({ database, to }) => schemaGroups(database.name, to).map(({ role }) => role)),
  );
  const roles = live.roles.map(({ name }) => name);
  const keys = new Keys(String(facts.file.name ?? ""), [...roles, ...schemas, ...groups]);
  const { candidates, beyond } = proposeIdentities(
    logins,
    targets,
    keys,
    (login, on) => keptSettings(login, on, sessionsOf(live, login), defaults.parse({}).connectionLimit),
    (login) => (inPlace || login.password === "none" ? keys.inPlace(login.name, schemas) : undefined),
  );
  const { draft, beyond: refused } = accepted(
    {
      databases: live.databases.flatMap((each) => draftDatabase(each, within(targets, each))),
      services: candidates.map(({ service }) => service),
    },
    facts,
  );
  const kept = candidates.filter(({ service }) => draft.services.some(({ key }) => key === service.key));
  return {
    ...(draft.databases.length > 0 && { access: asAccess(draft) }),
    comments: comments(draft, kept),
    identities: kept.map(({ identity }) => identity),
    schemaMoves: draft.databases.flatMap(({ name, adopted }) =>
      adopted?.public === undefined ? [] : [{ database: name, from: PUBLIC_SCHEMA, to: adopted.public }],
    ),
    beyond: inOrder([
      ...live.databases.flatMap((each) => linesOf(live, each, within(targets, each), draft)),
      ...found.beyond,
      ...roles.filter((role) => groups.has(role)).flatMap(namedLikeGroup),
      ...logins.flatMap((each) => [
        ...unserved(each, kept),
        ...loginLines(each, (target) =>
          candidates.some(
            ({ identity, migrates }) => identity.login === each.login.name && migrates === target,
          ),
        ),
      ]),
      ...beyond,
      ...refused,
    ]),
  };
}

function within(targets: readonly Target[], database: AdoptedDatabase): Target[] {
  return targets.filter((target) => target.database === database);
}

function draftDatabase({ name, extensions }: AdoptedDatabase, targets: readonly Target[]): DraftDatabase[] {
  if (targets.length === 0) return [];
  const moved = targets.find(({ schema, to }) => schema !== to);
  return [
    {
      name,
      schemas: targets.map(({ to }) => to),
      extensions: extensions.map((extension) => extension.name),
      adopted: moved === undefined ? {} : { public: moved.to },
    },
  ];
}

function sessionsOf(live: LiveServer, { name }: Login): number {
  return live.sessions.find(({ role }) => role === name)?.pids.length ?? 0;
}

function comments({ databases, services }: Draft, kept: readonly Candidate[]): KeyComment[] {
  const moved = databases.filter(({ adopted }) => adopted?.public !== undefined);
  return [
    ...(services.length === 0
      ? []
      : [
          {
            path: ["namespaces"],
            text: "Guessed from the databases' names. One that is there already: { existing: true }",
          },
        ]),
    ...moved.map(({ name, adopted }) => ({
      path: ["databases", name],
      text: `What the application has in public today moves to ${adopted?.public}.`,
    })),
    ...kept.map(({ service, comment }) => ({ path: ["services", service.key], text: comment })),
  ];
}

/** What there is to say of a database; of what the model does not take, the model has said it. */
function linesOf(
  live: LiveServer,
  database: AdoptedDatabase,
  targets: readonly Target[],
  draft: Draft,
): readonly Beyond[] {
  const missing = leftOut(live, database, targets);
  if (missing) return missing;
  const declared = draft.databases.find(({ name }) => name === database.name);
  if (!declared) return [];
  return [
    ...databaseLines(live, database),
    ...publicLines(live, database),
    ...targets
      .filter(({ to }) => declared.schemas.includes(to))
      .flatMap((target) => schemaLines(live, target)),
  ];
}

function namedLikeGroup(role: string): Beyond[] {
  return lineIf(
    true,
    `role ${role}`,
    "It is called like a group role of the section and would become it: nobody logs in as a group role, and its members get what it has.",
    "Rename it first (ALTER ROLE … RENAME TO …), unless it is this project's already.",
  );
}

/** A login for which there is no service in the section. */
function unserved({ login, access }: LoginAccess, kept: readonly Candidate[]): Beyond[] {
  return lineIf(
    !kept.some(({ identity }) => identity.login === login.name),
    `login ${login.name}`,
    access.length === 0
      ? "It may log in, and has nothing by name in any schema of the section."
      : "There is no service for it in the section: no level gives just what it has, or the model does not take where it has it.",
    "Drop it if nobody misses it, or add it to the file by what it is for.",
  );
}

/** Each line once, by what it is about. */
function inOrder(beyond: readonly Beyond[]): Beyond[] {
  const lines = new Map(beyond.map((each) => [JSON.stringify(each), each]));
  const text = ({ where, what }: Beyond) => `${where}\n${what}`;
  return [...lines.values()].sort((left, right) => (text(left) < text(right) ? -1 : 1));
}
