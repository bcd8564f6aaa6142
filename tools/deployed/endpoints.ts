import type { Endpoints } from "../../model/access/connection";
import { hasReaderEndpoint } from "../../model/config/database/reader-endpoint";
import type { Environment } from "../../model/config/environment";
import { POSTGRESQL_PORT } from "../../model/postgresql/names";
import type { Aws } from "./aws-cli";
import { checkedOutputs, type OutputName, readOutputs } from "./outputs";

/**
 * Where an environment's deployed database listens, and its proxy.
 * @throws UserError when the database stack is not deployed, or its outputs are not what they should be
 */
export async function deployedEndpoints(environment: Environment, aws: Aws): Promise<Endpoints> {
  const { database } = environment;
  const port = database.existing?.port ?? POSTGRESQL_PORT;
  const readers = hasReaderEndpoint(database);
  const proxyReaders = database.proxy?.readerEndpoint === true;
  const names: OutputName[] = [
    "writer-endpoint",
    ...(readers ? ["reader-endpoint" as const] : []),
    ...(database.proxy ? ["proxy-endpoint" as const] : []),
    ...(proxyReaders ? ["proxy-reader-endpoint" as const] : []),
  ];
  const outputs = checkedOutputs(environment, await readOutputs(environment, ["database"], aws), names);
  const direct = {
    writer: { host: outputs["writer-endpoint"], port },
    ...(readers && { reader: { host: outputs["reader-endpoint"], port } }),
  };
  const behind = (host: string) => ({ host, port: POSTGRESQL_PORT });
  return {
    ...direct,
    ...(database.proxy && {
      proxy: {
        ...direct,
        writer: behind(outputs["proxy-endpoint"]),
        ...(proxyReaders && { reader: behind(outputs["proxy-reader-endpoint"]) }),
      },
    }),
  };
}
