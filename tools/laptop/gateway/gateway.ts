import type { Socket } from "node:net";
import { join } from "node:path";
import { SUPERUSER } from "../../../model/postgresql/names";
import type { Client, Service } from "../../protocol/client-session";
import { DEFAULT_LIMITS, type Listener, type ListenerOptions, startListener } from "../../protocol/listener";
import { passwordFailure, passwordText, readPasswordMessage } from "../../protocol/password";
import { fatalError, PASSWORD_REQUEST, withLength } from "../../protocol/protocol-messages";
import { Refusal, unavailable } from "../../protocol/refusal";
import { relay } from "../../protocol/relay";
import { parseStartupPacket, type SessionStart } from "../../protocol/startup-packet";
import type { LocalIam } from "../token-service/local-iam";
import { checkToken, type DatabaseIdentity } from "./check-token";
import { type AllowedMethod, type LoginMethods, loginMethods, type ServerSocket } from "./login-methods";
import { connectToServer, logInToServer } from "./server-login";

/** What decides over the logins of a gateway. */
interface Decides {
  /** What IAM policies know the database as. */
  readonly database: DatabaseIdentity;
  /** The server behind; it should listen on this socket alone. */
  readonly upstream: ServerSocket;
  readonly iam: LocalIam;
}

/** Options of {@link startGateway}. */
export interface GatewayOptions extends ListenerOptions, Decides {}

/**
 * Starts what RDS has in front of PostgreSQL: members of rds_iam log in by a token, over TLS only. The role that signed
 * it is looked at for each connection, so one that has lost its grant fails at once.
 */
export function startGateway(options: GatewayOptions): Promise<Listener> {
  const { authenticationTimeout } = { ...DEFAULT_LIMITS, ...options.limits };
  const methods = loginMethods(options.upstream, authenticationTimeout);
  return startListener(options, (endpoint) => new Gateway(endpoint, methods, options));
}

class Gateway implements Service {
  constructor(
    private readonly endpoint: string,
    private readonly methods: LoginMethods,
    private readonly decides: Decides,
  ) {}

  /** Logs the client in to the server behind; or hands on its request to cancel a query, which needs no login. */
  async logIn(from: Client): Promise<() => Promise<void>> {
    const { client, packet } = from;
    const startup = parseStartupPacket(packet);
    if (startup.kind === "session") from.claims(startup.user);
    const method = startup.kind === "session" ? await this.authenticate(from, startup) : undefined;
    const server = await this.connectServer(from);
    if (startup.kind === "session" && method) await logInToServer(client, server, startup.user, method);
    return () => relay(client, server);
  }

  stop(): Promise<void> {
    return this.methods.stop();
  }

  /**
   * Checks the token of a user who logs in by one; a password is for the server to ask for.
   * @throws Refusal when the user gets no further
   */
  private async authenticate(
    { client, encrypted, address }: Client,
    { user, database }: SessionStart,
  ): Promise<AllowedMethod> {
    const target = `host "${address}", user "${user}", database "${database}"`;
    if (!encrypted) {
      const text = `no pg_hba.conf entry for ${target}, no encryption`;
      throw new Refusal("the connection is not encrypted", fatalError("28000", text));
    }
    if (database === SUPERUSER) {
      const text = `pg_hba.conf rejects connection for ${target}, SSL encryption`;
      throw new Refusal(`the database ${SUPERUSER} is RDS's own`, fatalError("28000", text));
    }
    const method = await this.methods.of(user).catch((error) => {
      throw unavailable(String(error));
    });
    if (method === "password") return method;
    client.write(PASSWORD_REQUEST);
    const password = passwordText(await readPasswordMessage(client));
    if (method === "none") throw new Refusal("nobody may log in as this user", passwordFailure(user));
    const login = { user, endpoint: this.endpoint, database: this.decides.database, now: new Date() };
    const verdict = checkToken(password, login, this.decides.iam);
    if (verdict.accepted) return method;
    throw new Refusal(verdict.reason, fatalError("28000", `PAM authentication failed for user "${user}"`));
  }

  private async connectServer({ packet, holds }: Client): Promise<Socket> {
    const { socketFolder, port } = this.decides.upstream;
    const server = await connectToServer(join(socketFolder, `.s.PGSQL.${port}`));
    holds(server);
    server.write(withLength(packet));
    return server;
  }
}
