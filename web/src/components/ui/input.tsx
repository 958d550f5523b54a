import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

// 16 px below the phone breakpoint: smaller text makes iOS zoom into the field.
export const fieldClass =
  "w-full min-w-0 rounded-control border border-input bg-surface px-3 text-base text-foreground transition-colors duration-150 placeholder:text-muted-foreground aria-invalid:border-danger disabled:opacity-50 sm:text-sm";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(fieldClass, "h-10", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(fieldClass, "min-h-24 py-2", className)} {...props} />;
}
