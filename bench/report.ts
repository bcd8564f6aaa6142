import { arch, availableParallelism, cpus, loadavg, platform } from "node:os";
import { textTable } from "../lib/table";
import { type Measurement, median } from "./measure";
import type { Cost } from "./run-process";

/** A row for each measurement, with its ratio to the first of the same workload. */
export function comparisonTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((row) => {
    const { workload, way } = row.subject;
    const first = measurements.find(({ subject }) => subject.workload === workload) ?? row;
    return [
      first === row ? workload.title : "",
      way,
      ...cost(row),
      (row.seconds / first.seconds).toFixed(1),
      (row.megabytes / first.megabytes).toFixed(1),
      String(row.resources),
    ];
  });
  return alignedTable(2, ["", "", "wall (min–max)", "memory", "× wall", "× memory", "resources"], rows);
}

/** How time grows with the number of services: linear when each further service takes the same. */
export function growthTable(measurements: readonly Measurement[]): string {
  const rows = measurements.map((row, index) => {
    const { title, services } = row.subject.workload;
    const before = measurements[index - 1];
    const more = before === undefined ? 0 : services - before.subject.workload.services;
    const further = before && more > 0 ? (row.seconds - before.seconds) / more : undefined;
    return [title, ...cost(row), further === undefined ? "" : `${(further * 1e3).toFixed(2)} ms`];
  });
  return alignedTable(1, ["", "wall (min–max)", "memory", "per further service"], rows);
}

/** How many times what the yardstick takes, run by run, and whether that is within the target. */
export function targetTable(measurements: readonly Measurement[], yardstick: Measurement): string {
  const rows = measurements.map(({ subject, runs }) => {
    const times = (figure: (cost: Cost) => number) =>
      runs.flatMap((run, index) => {
        const other = yardstick.runs[index];
        return other ? [figure(run) / figure(other)] : [];
      });
    const wall = times(({ seconds }) => seconds);
    const { title, target } = subject.workload;
    const verdict = median(wall) <= (target ?? 0) ? "met" : "NOT met";
    return [
      title,
      `${median(wall).toFixed(2)} (${Math.min(...wall).toFixed(2)}–${Math.max(...wall).toFixed(2)})`,
      median(times(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
      target === undefined ? "" : `${target}: ${verdict}`,
    ];
  });
  const { title } = yardstick.subject.workload;
  return alignedTable(1, [`× ${title}`, "wall (min–max)", "processor", "target for wall"], rows);
}

/** What the numbers were measured on. */
export function machine(): string {
  const [load = 0] = loadavg();
  const processor = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`;
  return `${processor}, load ${load.toFixed(1)}, Node.js ${process.version} on ${platform()} ${arch()}`;
}

function cost({ seconds, fastest, slowest, megabytes }: Measurement): string[] {
  const range = `${fastest.toFixed(2)}–${slowest.toFixed(2)}`;
  return [`${seconds.toFixed(2)} s (${range})`, `${megabytes.toFixed(0)} MB`];
}

/** The first columns are text; numbers end at the right edge of theirs. */
export function alignedTable(
  textColumns: number,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const aligned = (row: readonly string[]) =>
    row.map((cell, column) => (column < textColumns ? cell : cell.padStart(widths[column] ?? 0)));
  return textTable({ header: aligned(header), rows: rows.map(aligned) });
}
