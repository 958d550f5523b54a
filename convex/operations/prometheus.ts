/** The text format of Prometheus, version 0.0.4. */

/** `suffix` of the name: `_bucket`, `_sum` and `_count` of histograms. */
type Sample = { suffix?: string; labels?: Record<string, string>; value: number };
export type Metric = { name: string; type: "counter" | "gauge" | "histogram"; help: string; samples: Sample[] };

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Renders metrics that have samples, each with its help and type. */
export const renderMetrics = (metrics: Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help.replace(/[\\\n]/g, (char) => (char === "\n" ? "\\n" : "\\\\"))}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ suffix = "", labels, value }) => `${name}${suffix}${renderLabels(labels)} ${value}`),
        "",
      ].join("\n"),
    )
    .join("");

function renderLabels(labels: Record<string, string> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escapeLabel)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapeLabel = (char: string): string => (char === "\n" ? "\\n" : `\\${char}`);
