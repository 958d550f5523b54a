import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { mendAddress } from "./lib/address";
import { deploymentUrl } from "./lib/deploymentUrl";
import { readPageSettings } from "./lib/pageSettings";
import { keepComposition } from "./lib/keyboard/composition";
import { keepFocus } from "./lib/keyboard/focusKeeper";
import { startTheme } from "./lib/theme";
import { SignedInApp } from "./lazySignedInApp";
import { hasKey } from "./lib/storage";
import { language } from "./messages/translate";
import "./styles.css";

mendAddress();
document.documentElement.lang = language;
startTheme();
keepFocus();
keepComposition();
// Convex Auth keeps its token here. With one the part behind the sign-in comes beside the answer about the token.
if (hasKey("__convexAuthJWT")) void SignedInApp.prefetch();
const client = new ConvexReactClient(deploymentUrl(readPageSettings().convexUrl, window.location));

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexAuthProvider client={client}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </ConvexAuthProvider>
  </StrictMode>,
);
