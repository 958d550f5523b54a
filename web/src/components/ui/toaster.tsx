import { Toaster as Sonner } from "sonner";
import { useTheme } from "@/lib/theme";

/** Toasts confirm the user's own actions only. All other changes are shown in place. */
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
