import { ChevronDown } from "lucide-react";
import { cn } from "@/lib/cn";
import { fieldClass } from "./input";

type Props = {
  id?: string;
  name?: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
  className?: string;
  disabled?: boolean;
  "aria-label"?: string;
  "aria-invalid"?: boolean | undefined;
  "aria-describedby"?: string | undefined;
};

/**
 * A choice of one among many. The browser's own list: it finds by typing, opens the wheel of a phone, needs no script
 * and writes no style element, which the content security policy forbids.
 */
export function Select({ onChange, options, className, ...control }: Props) {
  return (
    <span className={cn("relative block", className)}>
      <select
        {...control}
        onChange={(event) => onChange(event.target.value)}
        className={cn(fieldClass, "h-10 cursor-pointer appearance-none truncate pe-9")}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute end-3 top-3 size-4 text-muted-foreground" />
    </span>
  );
}
