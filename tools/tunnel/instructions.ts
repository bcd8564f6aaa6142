import { shellWord } from "../../lib/shell";
import type { Environment } from "../../model/config/environment";
import { ADMIN_OPTIONS } from "../../model/postgresql/admin-settings";
import type { Route } from "./destinations";

/**
 * Environment variables for whatever runs through the tunnel: the way there, and settings for sessions of PostgreSQL's, since
 * Terraform logs in as the admin.
 * @param options PGOPTIONS as they are; those of the admin come last, and so count
 */
export function tunnelVariables(
  { destinations }: Route,
  port: number,
  options = "",
): Readonly<Record<string, string>> {
  const proxy = `socks5://127.0.0.1:${port}`;
  return {
    ALL_PROXY: proxy,
    ...(destinations.some(({ name }) => name === "kubernetes") && { KUBE_PROXY_URL: proxy }),
    PGOPTIONS: `${options} ${ADMIN_OPTIONS}`.trim(),
  };
}

/**
 * What to do with an open tunnel, for people.
 * @param login what it says of the ports that log in, when there are some
 */
export function instructions(
  { name, cluster }: Environment,
  route: Route,
  port: number,
  login?: string,
): string {
  const variables = Object.entries(tunnelVariables(route, port));
  const kubernetes = route.destinations.some((destination) => destination.name === "kubernetes");
  const psql = route.destinations
    .filter((destination) => destination.name !== "kubernetes")
    .map(
      ({ host }, index) =>
        `  psql "host=${host} hostaddr=127.0.0.1 port=${port + 1 + index} sslmode=verify-full sslrootcert=cdktf.out/stacks/${name}-access/rds-ca.pem user=… dbname=…"`,
    );
  return `The tunnel is open to
${route.destinations.map((each) => `  ${each.name.padEnd(10)}  ${each.host}:${each.port}`).join("\n")}

In another terminal, for \`npx cdktf deploy ${name}-access\` and \`npm run verify\`:
${variables.map(([variable, value]) => `  export ${variable}=${value.includes(" ") ? shellWord(value) : value}`).join("\n")}
AWS calls do not go through it: Terraform's AWS provider and the AWS CLI know HTTPS_PROXY, not ALL_PROXY.

psql speaks no SOCKS; the database itself is on port ${port + 1}${psql.length > 1 ? `, readers on ${port + 2}` : ""}:
${psql.join("\n")}
${
  kubernetes
    ? `
kubectl, once:
  aws eks update-kubeconfig --name ${cluster.existing?.name ?? name} --region ${route.region} --proxy-url socks5://127.0.0.1:${port}
`
    : ""
}${login === undefined ? "" : `\n${login}`}
docs/private-access.md says more. Ctrl-C ends the tunnel.
`;
}
