import { z } from "zod";
import { cidr, distinct, identityKey } from "../fields";
import { containerImage, IMAGE_EXAMPLE, imageArchitecture } from "../image";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A host name as browsers send it. @see https://www.rfc-editor.org/rfc/rfc1123#page-13 */
const hostName = z
  .string()
  .regex(
    new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`),
    "must be a host name in lower case, without a port, such as board.example.com",
  );

/** The message board: `demo`. */
export const demo = z
  .strictObject({
    image: containerImage.meta({
      description: "Container image of the message board, with a tag or digest",
      examples: [IMAGE_EXAMPLE],
    }),
    architecture: imageArchitecture,
    publicAccessCidrs: distinct(z.array(cidr))
      .default([])
      .meta({
        description:
          "Blocks that may reach the board from outside the VPC, by plain HTTP through an internet-facing load balancer",
        omitted: "none, internal load balancer only",
        examples: [["203.0.113.0/24"]],
      }),
    hostNames: distinct(z.array(hostName))
      .default([])
      .meta({
        description:
          "Names of your own that lead to the board, such as of a record in Route 53; it answers to no others",
        omitted: "its load balancer's and its Service's names only",
        examples: [["board.example.com"]],
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
    examples: [{ image: IMAGE_EXAMPLE, service: "message-board", migrations: "message-board-migrations" }],
  });
