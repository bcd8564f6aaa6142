import { z } from "zod";
import { ADMIN_USER } from "../../../model/postgresql/names";

const text = z.string();
const texts = z.array(text);
/** A dot would make one place out of two: `<database>.<schema>`. */
const placeName = z.string().regex(/^[^.]+$/, "may not hold a dot");

const identity = z
  .looseObject({
    kind: text,
    key: text,
    databaseUser: text.optional(),
    members: z
      .array(z.looseObject({ name: text, databaseUser: text }))
      .min(1)
      .optional(),
    grants: z.array(z.looseObject({ database: placeName, schema: placeName, level: text })),
    database: text,
    endpoint: z.literal("reader").optional(),
    through: z.literal("proxy").optional(),
    readsDirectly: z.literal(true).optional(),
    memberOf: texts,
    sessionRole: text.optional(),
    connectionLimit: z.int(),
    statementTimeout: z.int().optional(),
    idleInTransactionSessionTimeout: z.int().optional(),
    searchPath: texts.optional(),
    iamRole: text,
  })
  .refine(
    (each) => (each.databaseUser === undefined) !== (each.members === undefined),
    "must have either a databaseUser or members",
  )
  .refine(
    ({ through, readsDirectly }) => through !== undefined || readsDirectly === undefined,
    "may go past the proxy to readers only where it goes through it to the writer",
  );

/** What only some of the known kinds have, so that no other of them may. */
const OWN = {
  namespace: text,
  serviceAccount: text,
  serviceAccountExists: z.literal(true).optional(),
  configMap: text,
  verifies: z.literal(true).optional(),
  takesRoleBy: z.enum(["both", "pod-identity"]).optional(),
  runsOn: text,
  principals: texts,
  externalId: text.optional(),
  requireMfa: z.literal(true).optional(),
  requireSourceIdentity: z.literal(true).optional(),
} as const;

const kind = (fields: readonly (keyof typeof OWN)[], more: z.ZodRawShape = { databaseUser: text }) =>
  z.looseObject({
    ...Object.fromEntries(
      Object.entries(OWN).map(([field, shape]): [string, z.ZodType] => [
        field,
        fields.some((each) => each === field) ? shape : z.never().optional(),
      ]),
    ),
    ...more,
  });

/** Kinds that are known, by name; of others no more is asked than of any identity. */
const KINDS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  [
    "service",
    kind(["namespace", "serviceAccount", "serviceAccountExists", "configMap", "verifies", "takesRoleBy"]),
  ],
  ["workload", kind(["runsOn"])],
  ["role", kind([])],
  ["principals", kind(["principals", "externalId"])],
  [
    "people",
    kind(["principals", "requireMfa", "requireSourceIdentity"], {
      until: text.optional(),
      reason: text.optional(),
    }),
  ],
]);

const schema = z.looseObject({
  name: placeName,
  renamedFrom: z.looseObject({ database: placeName, schema: placeName }).optional(),
  managed: z.boolean(),
  owner: text,
  ownerReads: texts.optional(),
  groups: z.array(z.looseObject({ level: text, role: text })),
});

const grant = z.looseObject({
  role: text,
  objectType: text,
  schema: placeName.optional(),
  privileges: texts,
  createdBy: text.optional(),
});

const database = z.looseObject({
  name: placeName,
  renamedFrom: placeName.optional(),
  adopted: z.looseObject({ publicTo: placeName.optional() }).optional(),
  schemas: z.array(schema),
  connectGroup: text.optional(),
  extensions: z.array(z.looseObject({ name: text, schema: placeName, reason: text.optional() })).optional(),
  grants: z.array(grant),
});

/** Ours, or somebody else's. */
const namespace = z.union([
  z.looseObject({ name: text, existing: z.never().optional(), podSecurity: text, networkPolicy: text }),
  z.looseObject({
    name: text,
    existing: z.literal(true),
    podSecurity: z.never().optional(),
    networkPolicy: z.never().optional(),
  }),
]);

/** What the comparison relies on. Keys beyond these are allowed here: they are compared as data. */
const planShape = z.looseObject({
  version: z.literal(1),
  environment: text,
  partition: text,
  region: text,
  account: text,
  permissionsBoundary: text.optional(),
  eksCluster: text.optional(),
  accounts: z.array(z.looseObject({ name: text, id: text })).optional(),
  acceptedFindings: z
    .array(
      z.looseObject({
        kind: text,
        topic: text,
        subject: text,
        detail: text,
        owner: text,
        reason: text,
        until: text,
      }),
    )
    .optional(),
  adminUser: text.optional(),
  databases: z.array(database),
  identities: z.array(identity),
  namespaces: z.array(namespace),
});

type ReadPlan = z.output<typeof planShape>;

/**
 * Why a plan cannot be compared in words: another version's shape, or one that contradicts itself. Undefined when it can.
 * Nothing of it is trusted before: it may be what another version of this project wrote.
 */
export function planProblem(plan: unknown): string | undefined {
  const read = planShape.safeParse(plan);
  if (!read.success) return firstIssue(read.error);
  for (const each of read.data.identities) {
    const own = KINDS.get(each.kind)?.safeParse(each);
    if (own?.success === false) return `${each.key}: ${firstIssue(own.error)}`;
    if (each.kind === "service" && each.takesRoleBy !== undefined && read.data.eksCluster === undefined)
      return `${each.key}: it takes its IAM role by Pod Identity, and the plan names no eksCluster`;
  }
  const [twice] = namesThatMustDiffer(read.data).flatMap(({ what, names }) => {
    const found = repeated(names);
    return found === undefined ? [] : [`it has ${what} ${JSON.stringify(found)} twice`];
  });
  return twice;
}

function namesThatMustDiffer({
  databases,
  identities,
  namespaces,
  accounts = [],
  acceptedFindings = [],
  adminUser = ADMIN_USER,
}: ReadPlan) {
  const roles = databases.flatMap(({ schemas, connectGroup }) => [
    ...schemas.flatMap(({ groups }) => groups.map(({ role }) => role)),
    ...(connectGroup === undefined ? [] : [connectGroup]),
  ]);
  const users = identities.flatMap(({ databaseUser, members = [] }) => [
    ...(databaseUser === undefined ? [] : [databaseUser]),
    ...members.map((member) => member.databaseUser),
  ]);
  return [
    { what: "the identity", names: identities.map(({ key }) => key) },
    // One role that two things are called would have the rights of both.
    { what: "the role", names: ["public", adminUser, ...roles, ...users] },
    ...identities.map(({ members = [] }) => ({ what: "the member", names: members.map(({ name }) => name) })),
    { what: "the account", names: accounts.map(({ id }) => id) },
    { what: "the account", names: accounts.map(({ name }) => name) },
    {
      what: "the accepted finding",
      names: acceptedFindings.map(({ kind, topic, subject, detail }) =>
        JSON.stringify([kind, topic, subject, detail]),
      ),
    },
    { what: "the namespace", names: namespaces.map(({ name }) => name) },
    { what: "the database", names: databases.map(({ name }) => name) },
    ...databases.flatMap(({ schemas, extensions = [], grants }) => [
      { what: "the extension", names: extensions.map(({ name }) => name) },
      { what: "the schema", names: schemas.map(({ name }) => name) },
      {
        what: "the grant",
        names: grants.map(({ role, objectType, schema: on, createdBy }) =>
          JSON.stringify([role, objectType, on ?? null, createdBy ?? null]),
        ),
      },
      ...schemas.map(({ groups }) => ({
        what: "the level",
        names: groups.map(({ level }) => level),
      })),
    ]),
  ];
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? "it has another shape" : `${issue.path.join(".")}: ${issue.message}`;
}
