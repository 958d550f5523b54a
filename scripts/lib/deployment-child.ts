import { startDeployment } from "../deployment/main";
import type { DeploymentOptions } from "../deployment/types";
import { runAsChild } from "./children";

runAsChild(async (options: DeploymentOptions) => {
  const deployment = await startDeployment(options);
  return {
    ready: { cloudUrl: deployment.cloudUrl, siteUrl: deployment.siteUrl },
    close: () => deployment.close(),
  };
});
