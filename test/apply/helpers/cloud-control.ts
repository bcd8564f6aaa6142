import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";

import { listenOnLoopback } from "../../../lib/loopback";

/**
 * moto has no Cloud Control API. This answers its GetResource for one type, AWS::RDS::DBInstance, with what moto's RDS
 * says, under the names of the type's schema.
 * @see https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
 */
export async function startCloudControl(rds: RDSClient) {
  const server = createServer(async (request, response) => {
    const asked = await json(request);
    const identifier =
      typeof asked === "object" && asked !== null && "Identifier" in asked ? String(asked.Identifier) : "";
    const { DBInstances: [instance] = [] } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
    );
    const properties = {
      DBInstanceIdentifier: identifier,
      EnableIAMDatabaseAuthentication: instance?.IAMDatabaseAuthenticationEnabled,
    };
    response.setHeader("Content-Type", "application/x-amz-json-1.0").end(
      JSON.stringify({
        TypeName: "AWS::RDS::DBInstance",
        ResourceDescription: { Identifier: identifier, Properties: JSON.stringify(properties) },
      }),
    );
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    env: { AWS_ENDPOINT_URL_CLOUDCONTROL: `http://127.0.0.1:${port}` },
    stop: close,
  };
}
