import { expect, test } from "@jest/globals";
import { lockOf } from "../../lib/provider-lock";

const HEADING = `# This file is maintained automatically by "terraform init".

`;
const block = (address: string) => `provider "${address}" {
  version = "1.0.0"
  hashes = [
    "h1:${address}",
  ]
}
`;
const ADDRESSES = ["cyrilgdn/postgresql", "hashicorp/aws", "hashicorp/awscc", "hashicorp/kubernetes"];
const lock = (host: string, addresses = ADDRESSES) =>
  HEADING + addresses.map((address) => block(`${host}/${address}`)).join("\n");

test.each(["registry.terraform.io", "registry.opentofu.org"])(
  "a stack's lock is what the whole one says of its providers from %s, and nothing of others",
  (host) => {
    const all = lock(host);
    expect(lockOf(all, ["aws"])).toBe(lock(host, ["hashicorp/aws"]));
    expect(lockOf(all, ["kubernetes", "hashicorp/aws", "cyrilgdn/postgresql"])).toBe(
      lock(host, ["cyrilgdn/postgresql", "hashicorp/aws", "hashicorp/kubernetes"]),
    );
    expect(lockOf(all, ["other/aws"])).toBe(`${HEADING.trimEnd()}\n`);
  },
);

test("a lock without its heading is read all the same", () => {
  expect(lockOf(block("x.org/a/b") + block("x.org/a/c"), ["a/c"])).toBe(block("x.org/a/c"));
});

test("a lock that git has given Windows' line ends is read all the same", () => {
  expect(lockOf(lock("registry.terraform.io").replaceAll("\n", "\r\n"), ["aws"])).toContain("hashicorp/aws");
});
