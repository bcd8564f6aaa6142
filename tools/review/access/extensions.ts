import { extensionGrants, type GrantPlan } from "../../../model/access/grants";
import type { AccessPlan, DatabasePlan, ExtensionPlan } from "../../../model/access/plan";
import { extensionFacts, KNOWN_EXTENSIONS } from "../../../model/postgresql/extensions";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import type { Finding } from "../finding";
import { type Pair, type Places, pairByName } from "./places";
import { listed } from "./words";

/** What an extension is called: `shop.vector`. */
export function extensionName({ before, after }: Pair<DatabasePlan>, extension?: ExtensionPlan): string {
  return `${(after ?? before)?.name}.${extension?.name}`;
}

/** The extensions of a database, each with what it was. */
export function pairExtensions({ before, after }: Pair<DatabasePlan>): Pair<ExtensionPlan>[] {
  return pairByName(before?.extensions ?? [], after?.extensions ?? [], ({ name }) => name);
}

/**
 * Plans without the grants that follow from there being extensions in `public`: one for each group of the other schemas. One
 * line about the extensions says them all. Where a plan has others in their place, all are compared as any grant is.
 */
export function withoutImplied(base: AccessPlan, head: AccessPlan): readonly [AccessPlan, AccessPlan] {
  const plans = [base, head];
  const asImplied = plans.every(({ databases }) =>
    databases.every((database) => {
      const said = (grants: readonly GrantPlan[]) => JSON.stringify(grants.map(wordsOf).sort());
      return (
        said(database.grants.filter((grant) => opensPublic(database, grant))) ===
        said(extensionGrants(database.extensions ?? [], database.schemas))
      );
    }),
  );
  if (!asImplied) return [base, head];
  const without = (plan: AccessPlan): AccessPlan => ({
    ...plan,
    databases: plan.databases.map((database) => ({
      ...database,
      grants: database.grants.filter((grant) => !opensPublic(database, grant)),
    })),
  });
  return [without(base), without(head)];
}

/** Whether a grant is on the schema `public` and to a group of another one. */
function opensPublic({ schemas }: DatabasePlan, { role, objectType, schema }: GrantPlan): boolean {
  return (
    objectType === "schema" &&
    schema === PUBLIC_SCHEMA &&
    schemas.some(({ name, groups }) => name !== PUBLIC_SCHEMA && groups.some((group) => group.role === role))
  );
}

function wordsOf({ role, privileges }: GrantPlan): string {
  return JSON.stringify([role, privileges]);
}

/** Extensions that are new, gone, or there for another reason. With a database that goes they are not said again. */
export function extensionFindings({ databases }: Places): Finding[] {
  return databases.flatMap((database) => {
    const { before, after } = database;
    if (after === undefined) return [];
    const pairs = pairExtensions(database);
    const added = pairs.flatMap(({ before: old, after: now }) => (now && !old ? [now] : []));
    const gone = pairs.flatMap(({ before: old, after: now }) => (old && !now ? [old.name] : []));
    const plain = added.filter((extension) => reachOf(extension) === undefined);
    return [
      ...(before ? usersOfPublic(before, after) : []),
      ...added.flatMap((extension) => reaching(after.name, extension)),
      ...(plain.length > 0 ? [newOnes(after.name, plain)] : []),
      ...(gone.length > 0 ? [goneOnes(after.name, gone)] : []),
      ...pairs.flatMap(({ before: old, after: now }) =>
        old && now ? changes(`${after.name}.${now.name}`, old, now) : [],
      ),
    ];
  });
}

/** The first extension in `public` opens it to all who have a grant in the database, and the last one closes it. */
function usersOfPublic(before: DatabasePlan, after: DatabasePlan): Finding[] {
  const [had, has] = [before, after].map(
    (each) => extensionGrants(each.extensions ?? [], each.schemas).length > 0,
  );
  if (had === has) return [];
  const subject = `${after.name}.${PUBLIC_SCHEMA}`;
  const who = `whoever has a grant in ${after.name}`;
  return has
    ? [
        {
          kind: "access-gained",
          subject,
          text: `${subject}: ${who} may use the schema, where extensions are, and what the admin left there for everybody`,
        },
      ]
    : [
        {
          kind: "access-lost",
          subject,
          text: `${subject}: ${who} may no longer use the schema, where extensions were`,
        },
      ];
}

/** What a reviewer has to know of an extension; undefined for one that stays in its database. */
function reachOf({ name }: ExtensionPlan): string | undefined {
  const { reaches } = extensionFacts(name);
  if (reaches !== undefined) return reaches;
  return KNOWN_EXTENSIONS.includes(name)
    ? undefined
    : "this project does not know, nor what it lets people do";
}

function because({ reason }: ExtensionPlan): string {
  return reason === undefined ? "" : `; the reason given is: ${reason}`;
}

function reaching(database: string, extension: ExtensionPlan): Finding[] {
  const reach = reachOf(extension);
  if (reach === undefined) return [];
  const subject = `${database}.${extension.name}`;
  const text = `${subject}: a new extension, which ${reach}${because(extension)}`;
  return [{ kind: "extension-reaches-out", subject, text }];
}

function newOnes(database: string, extensions: readonly ExtensionPlan[]): Finding {
  const what = extensions.length === 1 ? "the new extension" : "the new extensions";
  const reasons = extensions.flatMap((each) =>
    each.reason === undefined ? [] : [`${each.name}${because(each)}`],
  );
  return {
    kind: "extension-added",
    subject: database,
    text: `${database}: gets ${what} ${listed(extensions.map(({ name }) => name))}`,
    ...(reasons.length > 0 && { details: reasons }),
  };
}

function goneOnes(database: string, names: readonly string[]): Finding {
  const what = names.length === 1 ? "the extension" : "the extensions";
  const is = names.length === 1 ? "is" : "are";
  return {
    kind: "extension-removed",
    subject: database,
    text: `${database}: ${what} ${listed(names)} ${is} no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it each is dropped with its own tables, unless something of others needs it`,
  };
}

function changes(subject: string, before: ExtensionPlan, after: ExtensionPlan): Finding[] {
  const kind = "extension-changed";
  const said = (reason = "none") => reason;
  const reason = `${subject}: the reason given for the extension is: ${said(after.reason)}; and was: ${said(before.reason)}`;
  const schema = `${subject}: the extension belongs into the schema ${after.schema}, and was in ${before.schema}; where it is already it stays`;
  return [
    ...(before.reason === after.reason ? [] : [{ kind, subject, text: reason } as const]),
    ...(before.schema === after.schema ? [] : [{ kind, subject, text: schema } as const]),
  ];
}
