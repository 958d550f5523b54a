import { cn } from "@/lib/cn";

/** The names of the parts of a chart's bars. */
export function Legend({ series }: { series: { label: string; className: string }[] }) {
  return (
    <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
      {series.map(({ label, className }) => (
        <li key={label} className="flex items-center gap-1.5 text-xs text-muted-foreground">
          <span className={cn("signal size-2.5 rounded-full", className)} />
          {label}
        </li>
      ))}
    </ul>
  );
}
