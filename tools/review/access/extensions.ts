import type { DatabasePlan, ExtensionPlan } from "../../../model/access/plan";
import { extensionFacts, KNOWN_EXTENSIONS } from "../../../model/postgresql/extensions";
import type { Finding } from "../finding";
import { type Pair, type Places, pairByName } from "./places";

/** What an extension is called: `shop.vector`. */
export function extensionName({ before, after }: Pair<DatabasePlan>, extension?: ExtensionPlan): string {
  return `${(after ?? before)?.name}.${extension?.name}`;
}

/** The extensions of a database, each with what it was. */
export function pairExtensions({ before, after }: Pair<DatabasePlan>): Pair<ExtensionPlan>[] {
  return pairByName(before?.extensions ?? [], after?.extensions ?? [], ({ name }) => name);
}

/** Extensions that are new, gone, or there for another reason. With a database that goes they are not said again. */
export function extensionFindings({ databases }: Places): Finding[] {
  return databases
    .filter(({ after }) => after !== undefined)
    .flatMap((database) =>
      pairExtensions(database).flatMap((pair) => {
        const subject = extensionName(database, pair.after ?? pair.before);
        if (!pair.after) return [gone(subject)];
        return pair.before ? changes(subject, pair.before, pair.after) : [added(subject, pair.after)];
      }),
    );
}

function added(subject: string, { name, reason }: ExtensionPlan): Finding {
  const text = `${subject}: a new extension`;
  const why = reason === undefined ? "" : `; the reason given is: ${reason}`;
  const { reaches } = extensionFacts(name);
  if (reaches !== undefined) {
    return { kind: "extension-reaches-out", subject, text: `${text}, which ${reaches}${why}` };
  }
  if (!KNOWN_EXTENSIONS.includes(name)) {
    const unknown = `${text}, of which this project does not know what it lets people do${why}`;
    return { kind: "extension-reaches-out", subject, text: unknown };
  }
  return { kind: "extension-added", subject, text: `${text}${why}` };
}

function gone(subject: string): Finding {
  return {
    kind: "extension-removed",
    subject,
    text: `${subject}: the extension is no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it the extension is dropped with its own tables, unless something of others needs it`,
  };
}

function changes(subject: string, before: ExtensionPlan, after: ExtensionPlan): Finding[] {
  const kind = "extension-changed";
  const was = (value = "none") => value;
  return [
    ...(before.reason === after.reason
      ? []
      : [
          {
            kind,
            subject,
            text: `${subject}: the reason for the extension is now: ${was(after.reason)}; and was: ${was(before.reason)}`,
          } as const,
        ]),
    ...(before.schema === after.schema
      ? []
      : [
          {
            kind,
            subject,
            text: `${subject}: the extension is to be in the schema ${after.schema}, and was in ${before.schema}; where it is there already it stays`,
          } as const,
        ]),
  ];
}
