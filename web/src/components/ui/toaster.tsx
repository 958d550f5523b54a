import { X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { dismissToast, useToasts } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { Button } from "./button";

/** Shows the toasts, newest last. F8 moves the keyboard to them; one that has the focus or the pointer stays. */
export function Toaster() {
  const toasts = useToasts();
  return (
    <Primitive.Provider label={t("common.toast")} swipeDirection="up">
      {toasts.map(({ id, text, action, durationMs }) => (
        <Primitive.Root
          key={id}
          duration={durationMs}
          onOpenChange={(open) => !open && dismissToast(id)}
          className="flex animate-in items-center gap-3 rounded-card border bg-surface py-2 ps-4 pe-2 text-sm shadow-raised duration-150 fade-in-0"
        >
          <Primitive.Description className="min-w-0 flex-1 wrap-anywhere">{text}</Primitive.Description>
          {action && (
            <Primitive.Action asChild altText={action.label}>
              <Button variant="secondary" size="sm" onClick={action.onClick}>
                {action.label}
              </Button>
            </Primitive.Action>
          )}
          <Primitive.Close
            aria-label={t("common.dismiss")}
            className="grid size-8 shrink-0 place-items-center rounded-control text-muted-foreground hover:bg-surface-muted"
          >
            <X className="size-4" />
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport
        data-toasts
        label={t("common.toasts")}
        className="fixed top-[max(1rem,env(safe-area-inset-top))] left-1/2 z-60 flex w-96 max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col gap-2 outline-none"
      />
    </Primitive.Provider>
  );
}
