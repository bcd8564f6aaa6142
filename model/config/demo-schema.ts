import { z } from "zod";
import { cidr, containerImage, identityKey } from "./fields";

/** The message board: `demo`. */
export const demo = z.strictObject({
  image: containerImage.describe("Container image of the message board, with a tag or digest"),
  architecture: z
    .enum(["amd64", "arm64"])
    .optional()
    .describe(
      "Architecture the image is built for. Default: any, for an image built for all nodes there are",
    ),
  publicAccessCidrs: z
    .array(cidr)
    .default([])
    .describe(
      "Blocks that may reach the board from outside the VPC, by plain HTTP through an internet-facing load balancer. Default: none, internal load balancer only",
    ),
  service: identityKey.describe("Service the web app runs as: read-write on its schema"),
  migrations: identityKey.describe("Service the migration runs as: owner of that schema"),
});
