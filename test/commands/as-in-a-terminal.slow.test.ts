import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { MINIMAL } from "../helpers/environment";
import { ProjectCopy, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const lacks = (name: string) =>
  run("/bin/sh", ["-c", `command -v ${name}`]).status === 0 ? undefined : `no ${name} on this machine`;
/** That of util-linux: on macOS its options are others. */
const NO_TERMINAL = process.platform === "linux" ? lacks("script") : "script has other options here";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

const project = new ProjectCopy();
const temporary = mkdtempSync(join(tmpdir(), "terminal-"));
beforeAll(() => {
  chmodSync(temporary, 0o1777);
  mkdirSync(join(project.folder, "own"));
  writeFileSync(join(project.folder, "own/own.yaml"), MINIMAL.replace("name: test", "name: own"));
});
afterAll(() => {
  project.remove();
  rmSync(temporary, { recursive: true, force: true });
});

/** Runs it in a terminal, where somebody types when they have seen what they wait for. */
async function typed(
  args: string,
  steps: readonly (readonly [see: RegExp, type: string])[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const command = `exec '${process.execPath}' run.js commands/as.ts ${args}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: project.folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary, ENVIRONMENTS: "own" },
      ...{ SHELL: "/bin/sh", PS1: "own-shell: ", TERM: "dumb", PAGER: "cat" },
    },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    for (const [see, type] of steps) {
      const from = output.length;
      while (!see.test(output.slice(from))) {
        if (child.exitCode !== null) throw new Error(output);
        await pause(20);
      }
      // As somebody who types: readline looks at what comes after it has asked.
      await pause(200);
      child.stdin.write(type);
    }
    return { status: await ended, output };
  } finally {
    child.kill("SIGKILL");
  }
}

describe("in a terminal", () => {
  testUnless(
    NO_TERMINAL,
    "a shell goes on after any number of Ctrl-C, and ends as it says, leaving nothing",
    async () => {
      const { status, output } = await typed("orders-api", [
        [/own-shell: $/, "sleep 60\r"],
        [/sleep 60/, CTRL_C],
        [/own-shell: $/, CTRL_C],
        [/own-shell: $/, CTRL_C],
        [/own-shell: $/, 'echo "I am $PGUSER"\r'],
        [/I am orders_api/, "exit 5\r"],
      ]);
      expect(output).toMatch(/You are orders_api in shop, a laptop of own for just this\./);
      expect(status).toBe(5);
      expect(readdirSync(temporary)).toEqual([]);
    },
    120_000,
  );

  testUnless(
    NO_TERMINAL,
    "Ctrl-C reaches a command once each time, and is its own to answer",
    async () => {
      const code = `let n = 0;
        process.on("SIGINT", () => { n += 1; console.log("caught", n); if (n === 3) process.exit(6); });
        setTimeout(() => {}, 60000);
        console.log("ready")`;
      const { status, output } = await typed(`orders-api "${process.execPath}" -e '${code}'`, [
        [/ready/, CTRL_C],
        [/caught 1/, CTRL_C],
        [/caught 2/, CTRL_C],
      ]);
      expect([status, output.match(/caught \d/g)]).toEqual([6, ["caught 1", "caught 2", "caught 3"]]);
    },
    120_000,
  );

  testUnless(
    NO_TERMINAL,
    "the small prompt runs what is typed; Ctrl-C drops it, or ends what runs; \\q leaves",
    async () => {
      const { status, output } = await typed("orders-api --sql", [
        [/shop=> .*$/, "select\r"],
        [/shop-> .*$/, "'it works' as told;\r"],
        [/\(1 row\)[\s\S]*shop=> .*$/, "select 'never ends\r"],
        [/shop-> .*$/, CTRL_C],
        [/shop=> .*$/, "select pg_sleep(3600);\r"],
        [/3600/, CTRL_C],
        [/user request[\s\S]*shop=> .*$/, "selec;\r"],
        [/syntax error[\s\S]*shop=> .*$/, "\\d\r"],
        [/psql knows more[\s\S]*shop=> .*$/, "\\q\r"],
      ]);
      expect(status).toBe(0);
      expect(output).toContain("it works\r\n(1 row)");
      expect(output).not.toContain("never ends';");
      expect(readdirSync(temporary)).toEqual([]);
    },
    120_000,
  );

  testUnless(
    NO_TERMINAL,
    "the small prompt ends by Ctrl-D, and with its session",
    async () => {
      expect((await typed("orders-api --sql", [[/shop=> .*$/, CTRL_D]])).status).toBe(0);
      const ended = await typed("orders-api --sql", [
        [/shop=> .*$/, "select pg_terminate_backend(pg_backend_pid());\r"],
      ]);
      expect(ended.output).toContain("FATAL:  terminating connection due to administrator command");
      expect(ended.status).toBe(2);
    },
    120_000,
  );
});
