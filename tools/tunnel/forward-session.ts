import { spawn } from "node:child_process";
import { UserError } from "../../lib/user-error";
import { awsProblem, lastLine, NO_CLI } from "../deployed/aws-problem";
import type { Destination, Route } from "./destinations";

/** A running Session Manager session that forwards a port of this machine. */
export interface ForwardSession {
  /** Port on 127.0.0.1, chosen by the plugin. */
  readonly port: number;
  /** Resolves when the session is over, with the last thing it said. */
  readonly ended: Promise<string>;
  /** Ends the session and every process of it. */
  close(): Promise<void>;
}

/**
 * Runs the AWS CLI in place of itself, in a process group of its own. A watcher in the group waits for this process to
 * close the pipe or die, however it dies, and then interrupts the group: the plugin then tells AWS that the session is
 * over. The CLI alone would leave its plugin behind. The variable keeps other machines from the plugin's port.
 */
const KEEPER = `
exec 3<&0 </dev/null
export SSM_PLUGIN_LOCAL_HOST=127.0.0.1
{ read -r _ <&3; kill -INT 0; sleep 5; kill -KILL 0; } >/dev/null 2>&1 &
exec aws "$@" 3<&-`;

/** How long the plugin has to tell AWS that the session is over. */
const GRACE_MS = 3_000;

/** Process groups of the sessions that run; none outlives this process. */
const groups = new Set<number>();
process.on("exit", () => groups.forEach(killGroup));

/**
 * Starts a session and waits until the plugin listens; whether the destination answers is another question.
 * @param signal ends the session, also one that is about to start
 * @throws UserError with the reason when it ends before that
 */
export async function startForwardSession(
  { bastion, region }: Route,
  { host, port }: Destination,
  signal: AbortSignal,
): Promise<ForwardSession> {
  signal.throwIfAborted();
  const child = spawn("/bin/sh", ["-c", KEEPER, "sh", ...sessionArguments(bastion, region, host, port)], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const group = child.pid;
  if (group === undefined) throw new UserError(["a session needs /bin/sh, which cannot be started"]);
  groups.add(group);
  child.stdin.on("error", () => undefined);

  let said = "";
  const ended = new Promise<string>((resolve) => {
    child.once("exit", () => {
      killGroup(group);
      groups.delete(group);
    });
    child.once("close", (code) => resolve(code === 127 ? NO_CLI : said));
  });
  const close = async () => {
    child.stdin.end();
    const timer = setTimeout(() => killGroup(group), GRACE_MS);
    await ended;
    clearTimeout(timer);
  };
  signal.addEventListener("abort", close, { once: true });
  const listening = new Promise<number>((resolve) => {
    const listen = (chunk: Buffer) => {
      // The end is what matters: a session may run for days and report each connection.
      said = `${said}${chunk}`.slice(-8_192);
      const port = /Port (\d+) opened/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
  });
  const first = await Promise.race([listening, ended]);
  if (typeof first === "number") return { port: first, ended: ended.then(lastLine), close };
  signal.throwIfAborted();
  throw new UserError([first === NO_CLI ? NO_CLI : sessionProblem(first, bastion)]);
}

/** Arguments of the AWS CLI. Port 0: the plugin takes a free one, and says which. */
export function sessionArguments(target: string, region: string, host: string, port: number): string[] {
  const parameters = { host: [host], portNumber: [String(port)], localPortNumber: ["0"] };
  return [
    ...["ssm", "start-session", "--target", target, "--region", region],
    ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
    ...["--parameters", JSON.stringify(parameters)],
  ];
}

/** Why a session did not start, in one sentence. */
export function sessionProblem(said: string, bastion: string): string {
  if (!/TargetNotConnected|InvalidInstance|is not connected/.test(said)) return awsProblem(said);
  return `the bastion ${bastion} is not connected to Session Manager; start it (\`aws ec2 start-instances --instance-ids ${bastion}\`) and wait a minute, or deploy the database stack if it is gone`;
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
