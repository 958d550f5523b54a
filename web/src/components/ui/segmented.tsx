import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type Option<Value extends string> = { value: Value; label: ReactNode };

/** A choice of one among a few visible options, in one line: where they do not fit, it scrolls. */
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
        "inline-flex max-w-full [scrollbar-width:none] gap-1 overflow-x-auto rounded-control bg-surface-muted p-1 max-sm:flex max-sm:w-full max-sm:gap-0.5",
        props.className,
      )}
    >
      {props.options.map(({ value, label }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          className="inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-[0.375rem] px-3 text-sm whitespace-nowrap max-sm:grow max-sm:px-1.5 max-sm:text-[0.8125rem] text-muted-foreground transition-colors duration-150 hover:text-foreground data-[state=on]:bg-surface data-[state=on]:font-medium data-[state=on]:text-foreground data-[state=on]:shadow-rest [&_svg]:size-4"
        >
          {label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
