import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { amiType, architectureOf, architectureProblem } from "../../../model/aws/architecture";

const ARM = (
  "a1.large t4g.large m6g.large m7g.large m7gd.large c7gn.large r8gd.large x2gd.large im4gn.large is4gen.large " +
  "g5g.xlarge i8g.large i8ge.large hpc7g.4xlarge p6e-gb200.36xlarge"
).split(" ");
const X86 = (
  "t3.large m7i.large m7i-flex.large c7a.large g5.xlarge g6e.xlarge gr6.4xlarge inf2.xlarge p5.48xlarge p6-b200.48xlarge " +
  "u-6tb1.metal u7i-12tb.224xlarge mac1.metal trn1.32xlarge i7ie.large z1d.large d3en.large dl2q.24xlarge"
).split(" ");

describe("the architecture of an instance type", () => {
  test.each(ARM)("is arm64 for %s", (type) => expect(architectureOf(type)).toBe("arm64"));
  test.each(X86)("is x86_64 for %s", (type) => expect(architectureOf(type)).toBe("x86_64"));
});

describe("a node group", () => {
  test("has the image of its instance types", () => {
    expect(amiType(["m7g.large", "m6g.large"])).toBe("AL2023_ARM_64_STANDARD");
    expect(amiType(["m7i.large"])).toBe("AL2023_x86_64_STANDARD");
  });

  test("is told which of its types do not go together", () => {
    expect(architectureProblem(["m7g.large", "c7g.large", "m7i.large"])).toBe(
      "m7g.large is arm64 and m7i.large is x86_64, but the nodes of a group share one image; make two groups",
    );
  });

  test("may mix types exactly when they have one architecture, in any order", () => {
    const types = fc.array(fc.constantFrom(...ARM, ...X86), { minLength: 1 });
    fc.assert(
      fc.property(types, (chosen) => {
        const mixed = chosen.some((type) => ARM.includes(type)) && chosen.some((type) => X86.includes(type));
        expect(architectureProblem(chosen) !== undefined).toBe(mixed);
        if (mixed) expect(() => amiType(chosen)).toThrow("make two groups");
        else expect(amiType(chosen)).toBe(amiType([...chosen].reverse()));
      }),
    );
  });
});
