/** Figures of the deployment for Prometheus (`GET /metrics` on the cloud port, with the admin key). */
import { type Dirent, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "../../functions";

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const KINDS = { Query: "query", Mutation: "mutation", Action: "action", HttpAction: "http_action" } as const;
/** Upper bounds of the classes of durations, s. */
const BOUNDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30];

interface Durations {
  counts: number[];
  seconds: number;
  count: number;
  failed: number;
}

/** What is measured where it is asked for. */
export interface Gauges {
  dataDir: string;
  sockets(): number;
}

/** Counts executions as they end, and reads the rest when it is asked for. Results from the cache are no executions. */
export class DeploymentMetrics {
  readonly #startedAt = Date.now();
  readonly #durations = new Map<string, Durations>();

  constructor(private readonly gauges: Gauges) {}

  add({ kind, udfType, executionTimeMs, success }: LogRecord): void {
    if (kind !== "Completion") return;
    const name = KINDS[udfType];
    const known = this.#durations.get(name) ?? { counts: BOUNDS.map(() => 0), seconds: 0, count: 0, failed: 0 };
    this.#durations.set(name, known);
    const seconds = executionTimeMs / 1_000;
    BOUNDS.forEach((bound, index) => {
      if (seconds <= bound) known.counts[index]! += 1;
    });
    known.seconds += seconds;
    known.count += 1;
    if (!success) known.failed += 1;
  }

  /** All of them in the text format. */
  render(): string {
    const { dataDir } = this.gauges;
    const disk = statfsSync(dataDir);
    const files = listFiles(dataDir);
    const sum = (some: StoredFile[]) => some.reduce((total, { bytes }) => total + bytes, 0);
    const segments = files.filter(({ path }) => /^db[\\/]log[\\/]/.test(path));
    return [
      ...this.#renderDurations(),
      ...renderOne("sockets", "gauge", "Open WebSockets", this.gauges.sockets()),
      ...renderOne("log_bytes", "gauge", "Size of the segments of the log", sum(segments)),
      ...renderOne("data_bytes", "gauge", "Size of all files of the data folder", sum(files)),
      ...renderOne("disk_free_bytes", "gauge", "Free space on its disk", disk.bavail * disk.bsize),
      ...renderOne("resident_memory_bytes", "gauge", "Memory of the process", process.memoryUsage.rss()),
      ...renderOne("start_time_seconds", "gauge", "When the process began", this.#startedAt / 1_000),
      "",
    ].join("\n");
  }

  #renderDurations(): string[] {
    if (this.#durations.size === 0) return [];
    const kinds = [...this.#durations];
    const name = `${PREFIX}_function_seconds`;
    return [
      `# HELP ${name} Time of executions by kind of function`,
      `# TYPE ${name} histogram`,
      ...kinds.flatMap(([kind, { counts, seconds, count }]) => [
        ...BOUNDS.map((bound, index) => `${name}_bucket{kind="${kind}",le="${bound}"} ${counts[index]}`),
        `${name}_bucket{kind="${kind}",le="+Inf"} ${count}`,
        `${name}_sum{kind="${kind}"} ${seconds}`,
        `${name}_count{kind="${kind}"} ${count}`,
      ]),
      `# HELP ${PREFIX}_function_failures_total Executions that ended with an error`,
      `# TYPE ${PREFIX}_function_failures_total counter`,
      ...kinds.map(([kind, { failed }]) => `${PREFIX}_function_failures_total{kind="${kind}"} ${failed}`),
    ];
  }
}

const PREFIX = "deployment";

const renderOne = (name: string, type: string, help: string, value: number): string[] => [
  `# HELP ${PREFIX}_${name} ${help}`,
  `# TYPE ${PREFIX}_${name} ${type}`,
  `${PREFIX}_${name} ${value}`,
];

interface StoredFile {
  /** Below the folder. */
  path: string;
  bytes: number;
}

/**
 * The files in a folder; what goes meanwhile counts for nothing. Links are not followed: that of "use node" modules
 * leads to all packages of the project. (With `recursive`, Node follows them.)
 */
function listFiles(folder: string, below = ""): StoredFile[] {
  return readFolder(join(folder, below)).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return listFiles(folder, path);
    const stats = entry.isFile() ? statSync(join(folder, path), { throwIfNoEntry: false }) : undefined;
    return stats ? [{ path, bytes: stats.size }] : [];
  });
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
