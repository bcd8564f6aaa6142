import { expect, test } from "@jest/globals";
import { blocks, PAGES, page } from "./pages";

const commands = PAGES.flatMap(({ path, text }) =>
  [...text.matchAll(/cdktf destroy((?: [^\s`#]+)*)/g)].map(([command, rest = ""]) => ({
    path,
    command,
    stacks: rest.split(" ").filter((word) => /^(dev|prod|<)/.test(word)),
  })),
);

// cdktf-cli 0.21 takes the first stack that is not done, also one that is running, and starts Terraform on it without end.
test("no page destroys two stacks in one command", () => {
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter(({ stacks }) => stacks.length > 1)).toEqual([]);
});

test("README.md, the pages on deploying and on cdktf say that two at once never end", () => {
  for (const path of ["README.md", "docs/deploying.md", "docs/cdktf.md"]) {
    expect(page(path).text).toMatch(/one\s+stack\s+at\s+a\s+time|one\s+at\s+a\s+time/i);
  }
});

test("docs/deploying.md destroys every stack, each after those that read from it", () => {
  const block = blocks(page("docs/deploying.md")).find(({ text }) => text.includes("cdktf destroy"));
  const order = [...(block?.text ?? "").matchAll(/cdktf destroy dev-(\w+)/g)].map(([, layer]) => layer);
  expect(order).toEqual(["verify", "demo", "access", "eks", "database", "network"]);
});
