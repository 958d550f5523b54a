import { Toaster as Sonner } from "sonner";
import { useTheme } from "@/lib/theme";

/** Toasts tell only of what the user did; all else changes in place. */
export function Toaster() {
  const { dark } = useTheme();
  return (
    <Sonner
      theme={dark ? "dark" : "light"}
      position="top-center"
      toastOptions={{
        classNames: { toast: "!rounded-card !border !bg-surface !text-foreground !shadow-raised !font-sans" },
      }}
    />
  );
}
