import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { blocks, page } from "./pages";

test("the pods that docs/clients.md shows are admitted by the Pod Security Standard of their namespace", () => {
  const shown = blocks(page("docs/clients.md"))
    .filter(({ language, text }) => language === "yaml" && text.includes("containers:"))
    .flatMap(({ text }) => parse(text).spec.containers);
  expect(shown.length).toBeGreaterThan(0);
  for (const { name, securityContext } of shown) {
    expect([name, securityContext]).toEqual([
      name,
      expect.objectContaining({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      }),
    ]);
  }
});
