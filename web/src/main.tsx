import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { TooltipProvider } from "./components/ui/tooltip";
import { Toaster } from "./components/ui/toaster";
import { deploymentUrl } from "./lib/deploymentUrl";
import { keepFocus } from "./lib/keyboard/focusKeeper";
import { startTheme } from "./lib/theme";
import { language } from "./messages/translate";
import "./styles.css";

document.documentElement.lang = language;
startTheme();
keepFocus();
const client = new ConvexReactClient(
  deploymentUrl(import.meta.env.VITE_CONVEX_URL as string | undefined, window.location),
);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexAuthProvider client={client}>
      <BrowserRouter>
        <TooltipProvider delayDuration={250}>
          <App />
          <Toaster />
        </TooltipProvider>
      </BrowserRouter>
    </ConvexAuthProvider>
  </StrictMode>,
);
