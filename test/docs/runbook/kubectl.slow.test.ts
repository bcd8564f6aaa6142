import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { createAuthority, issueCertificate } from "../../../lib/certificates";
import { freePort } from "../../../lib/loopback";
import { KubernetesApi } from "../../apply/helpers/kubernetes-api";
import { notOnPath, run } from "../../examples/programs";
import { testUnless } from "../../helpers/skip";
import { KUBECTL_CAUSES } from "./kubectl-causes";
import { differences, ROWS, type Seen } from "./page";

const TIMEOUT = 120_000;
const home = mkdtempSync(join(tmpdir(), "home-"));
const KUBECONFIG = join(home, "config");
afterAll(() => rmSync(home, { recursive: true, force: true }));
const seen: Seen[] = [];

for (const { heading, name, needs = [], cluster, user } of KUBECTL_CAUSES) {
  const missing = ["kubectl", ...needs].map(notOnPath).find((reason) => reason !== undefined);
  testUnless(
    missing,
    `kubectl fails with ${name}, and says so`,
    async () => {
      const authority = await createAuthority();
      const certificate = await issueCertificate(authority, ["localhost"]);
      const api = await KubernetesApi.start({ certificate, token: "somebody's" });
      try {
        const place = { port: api.port, closed: await freePort(), ca: authority.certificate };
        writeFileSync(KUBECONFIG, kubeconfig(cluster(place), user));
        const env = { KUBECONFIG, AWS_EC2_METADATA_DISABLED: "true" };
        const { status, output } = await run(["kubectl", "get", "pods"], env, home);
        expect(status).not.toBe(0);
        seen.push({ heading, by: "kubectl", output });
      } finally {
        await api.stop();
      }
    },
    TIMEOUT,
  );
}

test("the runbook has what people see of kubectl, and nothing else", () => {
  const headings = new Set(seen.map(({ heading }) => heading));
  const rows = ROWS.filter(({ heading, seenIn }) => headings.has(heading) && seenIn.includes("kubectl"));
  expect(differences(rows, seen, [])).toEqual([]);
});

function kubeconfig(cluster: object, user: object): string {
  const name = "dev";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user }],
  });
}
