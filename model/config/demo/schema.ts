import { z } from "zod";
import { cidr, distinct, identityKey } from "../fields";

/** A name in an image's path, and what fixes its content. */
const IMAGE_NAME = "[a-z0-9]+(([.]|__?|-+)[a-z0-9]+)*";
const DIGEST = "@sha256:[0-9a-f]{64}";
const IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/message-board:1.0.0";

/**
 * A container image by tag or digest: without either a registry answers with `latest`, whatever that is today.
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
const containerImage = z
  .string()
  .regex(
    new RegExp(
      `^(?=.{1,512}$)([A-Za-z0-9][A-Za-z0-9.-]*(:\\d{1,5})?/)?${IMAGE_NAME}(/${IMAGE_NAME})*(:\\w[\\w.-]{0,127}(${DIGEST})?|${DIGEST})$`,
    ),
    `must be a container image with its tag or digest, such as ${IMAGE}`,
  );

/** The message board: `demo`. */
export const demo = z
  .strictObject({
    image: containerImage.meta({
      description: "Container image of the message board, with a tag or digest",
      examples: [IMAGE],
    }),
    architecture: z
      .enum(["amd64", "arm64"])
      .optional()
      .meta({
        description: "Architecture the image is built for",
        omitted: "any: the image is built for all nodes there are",
        examples: ["arm64"],
      }),
    publicAccessCidrs: distinct(z.array(cidr))
      .default([])
      .meta({
        description:
          "Blocks that may reach the board from outside the VPC, by plain HTTP through an internet-facing load balancer",
        omitted: "none, internal load balancer only",
        examples: [["203.0.113.0/24"]],
      }),
    service: identityKey.meta({
      description: "Service the web app runs as, with the level read-write on its schema, messages",
      examples: ["message-board"],
    }),
    migrations: identityKey.meta({
      description: "Service the migration runs as, with the level owner on that schema",
      examples: ["message-board-migrations"],
    }),
  })
  .optional()
  .meta({
    description: "The message board, an example application, deployed as two services of access",
    omitted: "not deployed",
    examples: [{ image: IMAGE, service: "message-board", migrations: "message-board-migrations" }],
  });
