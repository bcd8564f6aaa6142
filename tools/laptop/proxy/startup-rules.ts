import { fatalError } from "../../protocol/protocol-messages";
import { Refusal } from "../../protocol/refusal";
import type { SessionStart } from "../../protocol/startup-packet";

/**
 * Settings that a client may ask for when it starts; PostgreSQL heeds no case in their names.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connecting.html#rds-proxy-connecting-postgresql
 */
const SETTINGS = ["application_name", "client_encoding", "datestyle", "extra_float_digits", "timezone"];

/** What RDS Proxy has no support for, in its own words. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  options: "RDS Proxy currently doesn't support command-line options.",
  replication: "RDS Proxy currently doesn't support streaming replication mode.",
};

/**
 * Refuses what RDS Proxy does not take when a client starts, such as `statement_timeout`, which PostgreSQL itself takes.
 * @param packet the startup packet, without its length
 * @throws Refusal, with the answer of RDS Proxy
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.troubleshooting.html
 */
export function refuseUnsupported(packet: Buffer, { parameters }: SessionStart): void {
  if (packet.readUInt16BE(2) !== 0) {
    throw unsupported("RDS Proxy supports only version 3.0 of the PostgreSQL messaging protocol.");
  }
  for (const name of parameters.keys()) {
    if (SETTINGS.includes(name.toLowerCase())) continue;
    const known = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined;
    throw unsupported(known ?? `RDS Proxy currently doesn't support the option ${name}.`);
  }
}

function unsupported(what: string): Refusal {
  const text = `Feature not supported: ${what}`;
  return new Refusal(text, fatalError("0A000", text));
}
