import { isDeepStrictEqual } from "node:util";
import type { AccessPlan } from "../../../model/access/plan";
import type { Finding } from "../finding";
import { type AccessChange, accessChanges, keyOf } from "./access-changes";
import { accessFindings } from "./access-findings";
import { accessSide } from "./access-side";
import { fieldFindings } from "./all-fields";
import { borrowedFindings, type Cause } from "./borrowed";
import type { Roles } from "./code-use";
import { type Draft, finished } from "./draft";
import { extensionFindings, withoutImplied } from "./extensions";
import { identityLine } from "./identity-lines";
import { type IdentityPair, pairIdentities } from "./identity-pairs";
import { limitFindings } from "./limits";
import { membershipFindings } from "./memberships";
import { namespaceReach } from "./namespace-reach";
import { namespaceFindings, pairNamespaces } from "./namespaces";
import { ownerGroupFindings } from "./owner-groups";
import { isWithin, oneSidedParts, partLines } from "./parts";
import { databaseOf, pairPlaces } from "./places";
import { renameFindings } from "./renames";
import { type AccessSide, written } from "./rights";
import { roleFindings } from "./role-grants";

/** What differs between two plans that can be read, in words. */
export function comparePlans(given: AccessPlan, wanted: AccessPlan): Finding[] {
  const [base, head] = withoutImplied(given, wanted);
  const places = pairPlaces(base, head);
  const { nowCalled } = places;
  const before = accessSide(base, nowCalled);
  const after = accessSide(head, written);
  const identities = pairIdentities(before, after, nowCalled);
  const namespaces = pairNamespaces(base, head);
  const changes = accessChanges(before, after, identities, nowCalled);
  const parts = oneSidedParts(places);
  const gone = new Set(parts.flatMap(({ place, isNew }) => (isNew ? [] : [place])));
  const oneSided = new Set(parts.map(({ place }) => place));
  const ofParts = partLines(parts, after, changes, nowCalled);

  // What who comes or goes may do is in the line about that, and so is what goes with a schema.
  const stays = ({ pair, place }: AccessChange) => !pair.before === !pair.after && !isWithin(gone, place);
  const ofChanges = accessFindings(changes.filter(stays), before, after);
  const reach = namespaceReach(before, after);
  const lines = new Map(
    identities.flatMap((pair): [IdentityPair, Draft][] => {
      const line = identityLine(pair, before, after, nowCalled);
      if (line === undefined) return [];
      if (!pair.before && pair.after?.kind === "service") line.also.push(...reach(pair.after));
      return [[pair, line]];
    }),
  );
  const findingOf = (change: AccessChange): Draft | undefined =>
    ofChanges.get(change) ??
    lines.get(change.pair) ??
    ofParts.get(change.place) ??
    ofParts.get(databaseOf(change.place));
  const causes = (which: "gained" | "lost") =>
    changes.flatMap((change): Cause[] => {
      const finding = findingOf(change);
      const rights = change[which];
      return finding === undefined || rights.length === 0 ? [] : [{ ...change, rights, finding }];
    });
  const from = { side: before, roles: rolesOf(before, identities, "before") };
  const to = { side: after, roles: rolesOf(after, identities, "after") };
  const borrowed = [
    ...borrowedFindings({ kind: "borrowed-rights-gained", from, to, causes: causes("gained") }),
    ...borrowedFindings({ kind: "borrowed-rights-lost", from: to, to: from, causes: causes("lost") }),
  ];
  const findings = [
    ...[...ofParts.values(), ...lines.values(), ...new Set(ofChanges.values())].map(finished),
    ...borrowed,
    ...membershipFindings(before, after, identities, changes, nowCalled),
    ...ownerGroupFindings(before, after),
    ...roleFindings(before, after, changes, oneSided),
    ...renameFindings(places),
    ...extensionFindings(places),
    ...limitFindings(base, head, identities, nowCalled),
    ...namespaceFindings(namespaces, head),
    ...fieldFindings({ before, after, places, identities, namespaces, reach }),
  ];
  const differ = !isDeepStrictEqual({ ...given, file: "" }, { ...wanted, file: "" });
  return findings.length > 0 || !differ ? findings : [unexplained(wanted)];
}

/** What each identity of a side is a member of, by what it is called now. */
function rolesOf(side: AccessSide, pairs: readonly IdentityPair[], which: "before" | "after"): Roles {
  return new Map(
    pairs.flatMap((pair) => {
      const identity = pair[which];
      return identity === undefined ? [] : [[keyOf(pair), side.rolesOf(identity)]];
    }),
  );
}

/** Such as an order: nothing above looks at that. */
function unexplained(plan: AccessPlan): Finding {
  const { environment } = plan;
  const text = `${environment}: the access plan is another, in a way that the review has no words for`;
  return { kind: "unexplained", subject: environment, text, content: plan };
}
