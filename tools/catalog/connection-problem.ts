import { errorCode, UserError } from "../../lib/user-error";
import type { ServerAddress } from "./server-address";

/** TLS errors of Node.js by which a certificate leads to no trusted CA. */
const UNKNOWN_CA = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
];

/** Why connecting failed and what to do, in one sentence. */
export function connectProblem(error: unknown, address: ServerAddress, database: string): string {
  if (error instanceof UserError) return error.messages.join("; ");
  const { host, user, timeoutSeconds, advice } = address;
  const server = `${host}:${address.port}`;
  const code = errorCode(error);
  const message = messageOf(error);
  if (UNKNOWN_CA.includes(code)) {
    return `the certificate of ${server} is signed by no trusted CA; ${advice ?? "set PGSSLROOTCERT to the file with its CA, and check that PGHOST is the database"}`;
  }
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return advice === undefined
        ? `PGHOST: the name ${host} cannot be resolved; check it, and that this machine may look it up`
        : `the name ${host} cannot be resolved; ${advice}`;
    case "ECONNREFUSED":
      return `nothing listens on ${server}; ${advice ?? CHECK}`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return unreachable(server, code, advice);
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return `the certificate of ${server} ${code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"}; renew it, and check this machine's clock`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `the certificate of ${server} is for ${certifiedNames(error)}, not for ${host}; ${advice ?? "set PGHOST to a name it is for"}`;
    case "28P01":
      return `${server} refuses the password of ${user}; set PGPASSWORD to the present one`;
    case "28000":
      return /PAM/.test(message)
        ? `${server} refuses the IAM token of ${user}; ${address.token ? SIGNED_NOW : "make a new one for exactly this host, port and user: it is valid for 15 minutes"}`
        : `${server} does not let ${user} in: ${message}; ${advice ?? "check PGUSER"}`;
    case "3D000":
      return `${server} has no database ${database}; set PGDATABASE to one that exists, or unset it`;
  }
  if (message === "timeout expired") return unreachable(server, `no answer in ${timeoutSeconds} s`, advice);
  if (message === "The server does not support SSL connections") {
    return `${server} refuses TLS; turn it on there (rds.force_ssl, or ssl = on): without it nobody knows who answers`;
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL") || message.includes("establishing an SSL connection")) {
    return `${server} does not speak PostgreSQL over TLS; ${advice ?? CHECK}`;
  }
  if (isLost(error)) return `${server} ended the connection before it was made; ${advice ?? CHECK}`;
  return `${server} cannot be connected to: ${message}`;
}

/** Why a query failed, in one sentence; undefined when it is no fault of the server or its user. */
export function queryProblem(error: unknown, address: ServerAddress, database: string): string | undefined {
  const server = `${address.host}:${address.port}`;
  const code = errorCode(error);
  const message = messageOf(error);
  if (isLost(error) || /^(08|57P)/.test(code))
    return `${server} ended the connection: ${message}; run this again`;
  if (code === "57014")
    return `${server} took over a minute for one query of ${database}; run this when it is less busy`;
  if (/^(42501|53|54)/.test(code)) return `${server} refuses, in the database ${database}: ${message}`;
  return undefined;
}

const CHECK = "check PGHOST and PGPORT";

const SIGNED_NOW =
  "it was signed just now, so its IAM role may not connect as this user, there is no such user, or this machine's clock is wrong; deploy the access stack, and see the log of refused logins (iam-db-auth-error)";

function unreachable(server: string, reason: string, advice: string | undefined): string {
  return `${server} cannot be reached (${reason}); ${advice ?? "the database is private: run this inside its network, or through npm run tunnel"}`;
}

function isLost(error: unknown): boolean {
  return (
    ["ECONNRESET", "EPIPE"].includes(errorCode(error)) || /^Connection terminated/.test(messageOf(error))
  );
}

function messageOf(error: unknown): string {
  return String(Object(error).message ?? error);
}

/** Hosts that the certificate is for, which Node.js shows with the error. */
function certifiedNames(error: unknown): string {
  const names: unknown = Object(error).cert?.subjectaltname;
  return typeof names === "string" ? names.replaceAll(/DNS:|IP Address:/g, "") : "no host";
}
