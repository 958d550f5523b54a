import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = Primitive.Provider;

/** Explains its child on hover and focus. The child must be focusable, so that keyboard users reach the text. */
export function Tooltip({
  tip,
  children,
  side,
}: {
  tip: ReactNode;
  children: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side ?? "top"}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 animate-in rounded-control border bg-surface px-3 py-2 text-xs text-foreground shadow-raised duration-150 fade-in-0"
        >
          {tip}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
