import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type Option<Value extends string> = { value: Value; label: ReactNode };

/** A choice of one among a few visible options. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      // Pressing the chosen option again clears a toggle group. Here one option is always chosen.
      onValueChange={(value) => value && props.onChange(value as Value)}
      className={cn(
        "inline-flex max-w-full flex-wrap gap-1 rounded-control bg-surface-muted p-1 max-sm:grid max-sm:w-full max-sm:grid-cols-[repeat(auto-fit,minmax(5.25rem,1fr))]",
        props.className,
      )}
    >
      {props.options.map(({ value, label }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          className="inline-flex h-8 items-center justify-center gap-1.5 rounded-[0.375rem] px-3 text-sm whitespace-nowrap max-sm:px-1 text-muted-foreground transition-colors duration-150 hover:text-foreground data-[state=on]:bg-surface data-[state=on]:font-medium data-[state=on]:text-foreground data-[state=on]:shadow-rest [&_svg]:size-4"
        >
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
