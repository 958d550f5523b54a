import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";
import { returnFocus } from "@/lib/keyboard/focusKeeper";
import { t } from "@/messages/translate";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;

const overlay =
  "fixed inset-0 z-50 bg-black/45 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 data-[state=open]:animate-in data-[state=open]:fade-in-0 duration-150";

/** The panel of a dialog: at the bottom of the screen at phone width, near the thumbs; centered otherwise. */
export const dialogPanel =
  "fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] w-full overflow-y-auto rounded-t-card border bg-surface p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] shadow-raised duration-150 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 data-[state=open]:animate-in data-[state=open]:fade-in-0 sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-w-md sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-card sm:p-6";

/** Returns the focus when a dialog closes. A dialog opened by state has no trigger to which Radix could return it. */
export function onCloseAutoFocus(event: Event): void {
  event.preventDefault();
  returnFocus();
}

type Props = ComponentProps<typeof Primitive.Content> & { title: string; description?: ReactNode };

export function DialogContent({ title, description, className, children, ...props }: Props) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlay} />
      <Primitive.Content
        className={cn(dialogPanel, className)}
        onCloseAutoFocus={onCloseAutoFocus}
        {...(description ? {} : { "aria-describedby": undefined })}
        {...props}
      >
        <div className="mb-4 pr-10">
          <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
          {description && (
            <Primitive.Description className="mt-1 text-sm text-muted-foreground">{description}</Primitive.Description>
          )}
        </div>
        {children}
        <Primitive.Close
          className="absolute top-3 right-3 grid size-9 place-items-center rounded-control text-muted-foreground hover:bg-surface-muted hover:text-foreground"
          aria-label={t("common.close")}
        >
          <X className="size-4" />
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}

export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end", className)} {...props} />;
}
