/** What only says how something looks or how long it waits, and not who one is or where one goes. */
const HARMLESS =
  /^(AWS_(CA_BUNDLE|DEFAULT_OUTPUT|PAGER|SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED)|PG(APPNAME|CLIENTENCODING|CONNECT_TIMEOUT|DATESTYLE|INTERVALSTYLE|TZ))$/;

/**
 * A user's variables without all that the AWS SDKs or libpq would be led by: credentials, profiles, endpoints, services, and
 * the options of an admin's session. By their first letters, since the list of them grows with each release.
 */
export function withoutCallersIdentity(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isCallersIdentity(name)));
}

/**
 * Takes the same out of this process's variables.
 * @param of names that begin so. @default all of them
 */
export function forgetCallersIdentity(env: NodeJS.ProcessEnv, of = ""): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith(of) && isCallersIdentity(name)) delete env[name];
  }
}

function isCallersIdentity(name: string): boolean {
  return /^(AWS_|PG)/.test(name) && !HARMLESS.test(name);
}
