import { z } from "zod";
import { durationBetween } from "../duration";
import { whole } from "../fields";

const MINUTE = 60_000;
const UNITS = ["s", "min", "h"];

/**
 * RDS Proxy: `database.proxy`. Bounds and defaults of the times are RDS's.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html
 */
export const proxy = z
  .strictObject({
    connectionsPercent: whole(10, 100)
      .default(80)
      .meta({
        description:
          "Connections to each database instance that the proxy may have, in percent of max_connections; the rest is for owners, people and the admin, who connect directly",
        examples: [80],
      }),
    idleClientTimeout: durationBetween(1000, 8 * 60 * MINUTE, { units: UNITS })
      .default("30min")
      .meta({
        description: "How long a client may send nothing before the proxy closes its connection",
        examples: ["30min"],
      }),
    borrowTimeout: durationBetween(1000, 5 * MINUTE, { units: UNITS })
      .default("2min")
      .meta({
        description:
          "How long a client waits for a connection to the database, when all are in use or a failover goes on, before it gets an error",
        examples: ["30s"],
      }),
    readerEndpoint: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether the readers are reached through the proxy as well, at an endpoint whose host name is in no certificate by AWS's documentation: clients have to verify it by the name of the writer's",
        examples: [true],
      }),
  })
  .meta({ examples: [{ connectionsPercent: 80 }] });
