import { quote } from "../../../lib/nearest";
import { bucketNameProblem } from "../../aws/bucket-names";
import type { Problem } from "../problem";
import type { Rule } from "../rule";
import type { EnvironmentFile } from "../schema";

/** Rules between the values of the settings. */
export const settingsRules: readonly Rule[] = [
  { reads: ["account"], check: accountProblems },
  { reads: ["tags"], check: tagProblems },
  { reads: ["backend"], check: backendProblems },
];

/** Tags the stacks set themselves. IAM compares tag keys without regard to case, so ours must not come twice. */
const OWN_TAGS = ["environment", "managed-by", "name", "stack"];

function tagProblems({ tags }: EnvironmentFile): Problem[] {
  const seen = new Set(OWN_TAGS);
  return Object.keys(tags).flatMap((key) => {
    const lower = key.toLowerCase();
    const message = OWN_TAGS.includes(lower)
      ? `the tag ${quote(key)} is set by the project; choose another key`
      : `the tag ${quote(key)} differs from another only in case, which IAM refuses; remove one`;
    const taken = seen.has(lower);
    seen.add(lower);
    return taken ? [{ path: ["tags", key], onKey: true, message }] : [];
  });
}

/** A placeholder that somebody forgot: AWS gives no account this id. */
function accountProblems({ account }: EnvironmentFile): Problem[] {
  if (!/^0+$/.test(account)) return [];
  const message = `${quote(account)} is no account; aws sts get-caller-identity prints the id of yours`;
  return [{ path: ["account"], message }];
}

function backendProblems({ backend }: EnvironmentFile): Problem[] {
  const reason = backend && bucketNameProblem(backend.bucket);
  if (!reason) return [];
  const message = `${quote(backend.bucket)} ${reason}; name the bucket that holds your state`;
  return [{ path: ["backend", "bucket"], message }];
}
