import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { dismissToast, useToasts, type Toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import { Button } from "./button";

/** Shows the toasts, newest last, and has them read out. They stay while the pointer or the keyboard is on them. */
export function Toaster() {
  const toasts = useToasts();
  const [isHeld, setHeld] = useState(false);
  return (
    <section
      aria-label={t("common.toasts")}
      data-toasts
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="fixed top-[max(1rem,env(safe-area-inset-top))] left-1/2 z-60 w-96 max-w-[calc(100vw-2rem)] -translate-x-1/2"
    >
      <div role="status" className="flex flex-col gap-2">
        {toasts.map((toast) => (
          <Confirmation key={toast.id} toast={toast} isHeld={isHeld && toasts.length > 0} />
        ))}
      </div>
    </section>
  );
}

function Confirmation({ toast: { id, text, action, durationMs }, isHeld }: { toast: Toast; isHeld: boolean }) {
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissToast(id), durationMs);
    return () => clearTimeout(timer);
  }, [id, durationMs, isHeld]);
  const act = () => {
    dismissToast(id);
    action?.onClick();
  };
  return (
    <div className="flex animate-in items-center gap-3 rounded-card border bg-surface py-2 ps-4 pe-2 text-sm shadow-raised duration-150 fade-in-0">
      <p className="min-w-0 flex-1 wrap-anywhere">{text}</p>
      {action && (
        <Button variant="secondary" size="sm" onClick={act}>
          {action.label}
        </Button>
      )}
      <button
        type="button"
        aria-label={t("common.dismiss")}
        onClick={() => dismissToast(id)}
        className="grid size-8 shrink-0 place-items-center rounded-control text-muted-foreground hover:bg-surface-muted"
      >
        <X className="size-4" />
      </button>
    </div>
  );
}
