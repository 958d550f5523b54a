/** Nearest-rank quantile of unsorted samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
export const perSecond = (value: number): string => `${Math.round(value).toLocaleString("en")}/s`;
export const ratio = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)}×`;

/** One line of the report; `note` says what a ratio compares. */
export function report(name: string, figures: Record<string, string>): void {
  const text = Object.entries(figures)
    .map(([label, value]) => `${label} ${value}`)
    .join("   ");
  console.log(`  ${name.padEnd(52)} ${text}`);
}
