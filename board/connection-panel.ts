import type { ConnectionFacts } from "./connection-facts";
import { type Html, html } from "./html";
import type { Identity } from "./identity";
import type { ServerFacts } from "./store";
import { clockElement } from "./time-element";

/** How this service is connected in one line, for the top of a phone; the panel says it all. */
export function connectionLine({ host, database, user }: Identity, server?: ServerFacts): Html {
  // An endpoint of RDS is known by what comes before its region.
  const place = html`<code>${database}</code> at <code>${breakable(host.replace(/\.[\w-]+\.rds\.amazonaws\.com(\.cn)?$/, ""))}</code>`;
  if (!server) {
    return html`Not connected just now. <code>${user}</code> logs in to ${place} by IAM, without a password.`;
  }
  const { tls, tokenExpiresAt } = server.connection ?? {};
  const how = [
    tokenExpiresAt ? "IAM token, no password" : "nobody asked for a token",
    tls ? tls.version.replace("TLSv", "TLS ") : "not encrypted",
  ];
  return html`Connected as <code>${server.user}</code> to ${place}: ${how.join(", ")}.`;
}

/**
 * How this service is connected.
 * @param server what the database says; undefined when it does not answer
 */
export function connectionPanel(identity: Identity, server?: ServerFacts): Html {
  const { host, port, database, user, roleArn } = identity;
  const used = server?.connection;
  const term = (name: string, value: Html | string) => html`
          <div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`
      <aside aria-labelledby="connection">
        <h2 id="connection">Where this is connected</h2>
        <dl>
          ${term("Endpoint", html`<code>${host}:${port}</code>`)}
          ${term("Database", html`<code>${database}</code>`)}
          ${term("Database user", html`<code>${server?.user ?? user}</code>`)}
          ${term("IAM role", roleArn === undefined ? "from the AWS SDK's default credentials" : html`<code>${breakable(roleArn)}</code>`)}
          ${
            server
              ? html`
          ${term("Server", `PostgreSQL ${server.version}`)}
          ${term("Encryption", used?.tls ? `${used.tls.version}, ${used.tls.cipher}` : "none")}
          ${term("Token of this connection", tokenText(used, new Date()))}`
              : term("Server", "not connected")
          }
        </dl>
        ${server && connectionTable(server)}
      </aside>`;
}

function connectionTable({ connection, connections }: ServerFacts): Html {
  const now = new Date();
  return html`
        <table>
          <caption>Connections in the pool</caption>
          <thead><tr><th scope="col">No.</th><th scope="col">Made (UTC)</th><th scope="col">Token expires</th></tr></thead>
          <tbody>${connections.map(
            (each) => html`
            <tr>
              <th scope="row">${each.number}${each === connection && " (this page)"}</th>
              <td>${clockElement(each.madeAt)}</td>
              <td>${secondsText(each, now)}</td>
            </tr>`,
          )}
          </tbody>
        </table>
        <p class="hint">A token only serves to log in, and connections made within ten minutes share one: they outlive it.</p>`;
}

/** An ARN or host name that breaks where a person would break it. */
function breakable(arn: string): readonly Html[] {
  return arn.split(/(?<=[:/.])/).map((part) => html`${part}<wbr>`);
}

function tokenText(connection: ConnectionFacts | undefined, now: Date): string {
  if (!connection?.tokenExpiresAt) return "none; the server asked for none";
  return `expires ${secondsText(connection, now)}`;
}

function secondsText({ tokenExpiresAt }: ConnectionFacts, now: Date): string {
  if (!tokenExpiresAt) return "no token";
  const seconds = Math.round((tokenExpiresAt.getTime() - now.getTime()) / 1000);
  return seconds >= 0 ? `in ${seconds} s` : `${-seconds} s ago`;
}
