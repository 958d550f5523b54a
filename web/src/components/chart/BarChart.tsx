import { useState, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import { axisLines } from "./scale";

type Bar = {
  key: string;
  /** Below the bar, where there is room for it. */
  label?: string | undefined;
  /** From the bottom up. None where nothing is known. */
  parts: { value: number; className: string }[];
  /** Shown while the bar is pointed at. */
  tip: ReactNode;
};

type Props = { bars: Bar[]; format: (value: number) => string; className?: string };

const heightOf = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0);

/**
 * Stacked bars over an axis from 0. They take the place that the layout gives them, so nothing is measured or drawn
 * again when it changes. Readers of screens need the figures beside it, as a table.
 */
export function BarChart({ bars, format, className }: Props) {
  const [pointed, setPointed] = useState<string | null>(null);
  const lines = axisLines(Math.max(0, ...bars.map(heightOf)));
  const top = lines.at(-1) || 1;
  const percent = (value: number) => `${(value / top) * 100}%`;
  const labels = bars.flatMap(({ label }) => label ?? []);
  const labelsWidth = labels.length * (Math.max(...labels.map(({ length }) => length)) + 1);
  return (
    <div
      aria-hidden
      className={cn("figures mt-6 flex gap-2 text-xs text-muted-foreground", className)}
      onPointerLeave={() => setPointed(null)}
    >
      <div className="relative mb-6 w-9 shrink-0">
        {lines.map((line) => (
          <span key={line} className="absolute end-0 translate-y-1/2" style={{ bottom: percent(line) }}>
            {format(line)}
          </span>
        ))}
      </div>
      <div className="@container relative flex min-w-0 flex-1">
        <div className="absolute inset-x-0 top-0 bottom-6">
          {lines.map((line) => (
            <span key={line} className="absolute inset-x-0 border-t" style={{ bottom: percent(line) }} />
          ))}
        </div>
        {bars.map((bar, index) => (
          <div
            key={bar.key}
            className="relative flex min-w-0 flex-1 flex-col"
            onPointerEnter={() => setPointed(bar.key)}
          >
            <div className={cn("flex flex-1 flex-col-reverse px-[9%]", pointed === bar.key && "bg-surface-muted")}>
              {bar.parts.map((part) => (
                <span
                  key={part.className}
                  className={cn("signal", part.className)}
                  style={{ height: percent(part.value) }}
                />
              ))}
            </div>
            <div className="h-6 pt-1.5 whitespace-nowrap">
              {bar.label !== undefined && labels.indexOf(bar.label) % 2 === 1 ? (
                // Every other label has no width where all of them would run into each other.
                <span
                  className="inline-block overflow-hidden"
                  style={{ maxWidth: `calc((100cqi - ${labelsWidth}ch) * 1000)` }}
                >
                  {bar.label}
                </span>
              ) : (
                bar.label
              )}
            </div>
            {pointed === bar.key && (
              <div
                className={cn(
                  "pointer-events-none absolute top-0 z-10 rounded-control border bg-surface p-3 whitespace-nowrap text-foreground shadow-raised",
                  index < bars.length / 2 ? "start-full ms-1" : "end-full me-1",
                )}
              >
                {bar.tip}
              </div>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
