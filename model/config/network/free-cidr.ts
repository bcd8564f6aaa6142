import { overlap } from "../../aws/blocks";

/** The first block of 10.0.0.0/8 that is apart from all others, so that the networks can be connected one day. */
export function freeCidr(taken: readonly string[]): string {
  const blocks = Array.from({ length: 256 }, (_, index) => `10.${(index + 40) % 256}.0.0/16`);
  const free = blocks.find((block) => !taken.some((other) => overlap(block, other)));
  return free ?? "10.40.0.0/16";
}
