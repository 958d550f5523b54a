import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { cn } from "@/lib/cn";
import { useOnline } from "@/lib/live/useOnline";
import { t } from "@/messages/translate";

const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-control text-sm font-medium whitespace-nowrap transition-colors duration-150 select-none disabled:pointer-events-none disabled:opacity-50 aria-busy:pointer-events-none aria-busy:opacity-70 [&_svg]:size-4 [&_svg]:shrink-0 has-data-waits:h-auto has-data-waits:max-w-full has-data-waits:py-2.5 has-data-waits:whitespace-normal",
  {
    variants: {
      variant: {
        primary: "bg-accent text-accent-foreground hover:bg-accent-hover",
        secondary: "border border-border bg-surface text-foreground shadow-rest hover:bg-surface-muted",
        ghost: "text-muted-foreground hover:bg-surface-muted hover:text-foreground",
        danger: "bg-danger text-danger-foreground hover:opacity-90",
        quietDanger: "text-danger-text hover:bg-danger-soft",
        link: "h-auto px-0 text-accent-text underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-8 px-3",
        md: "h-10 px-4",
        lg: "h-12 px-6 text-base [&_svg]:size-5",
        icon: "size-10 *:data-waits:sr-only",
        iconSm: "size-8 *:data-waits:sr-only",
      },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-0" }],
    defaultVariants: { variant: "primary", size: "md" },
  },
);

export type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonVariants> & { asChild?: boolean; busy?: boolean };

/** A button. `busy` is announced, refuses each further press, and says so when it waits for the connection. */
export function Button({ className, variant, size, asChild, busy, type, children, ...props }: ButtonProps) {
  const Comp = asChild ? Slot.Root : "button";
  return (
    <Comp
      {...(!asChild && { type: type ?? "button" })}
      {...(busy && { "aria-busy": true })}
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
      {...(busy && { onClickCapture: refuse })}
    >
      {busy && !asChild ? (
        <>
          {children}
          <Waiting />
        </>
      ) : (
        children
      )}
    </Comp>
  );
}

/** Refuses a press of any kind: keys press a button too, and send its form, by a click. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function Waiting() {
  if (useOnline()) return null;
  return (
    <span data-waits className="font-normal">
      {t("common.waiting")}
    </span>
  );
}
