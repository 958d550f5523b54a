/** operations/README §12 over HTTP. Errors are `{error}`. */
import { restDomain } from "../../rest/domain";
import { declareHealth } from "./health";
import { declareMetrics } from "./metrics";
import { ErrorBody } from "./schemas";

export const operationsRest = restDomain(
  (error) => ({ error: error.message, ...(error.fields && { fields: error.fields }) }),
  ErrorBody,
  ["/api/health/*", "/api/metrics/*"],
);

declareHealth(operationsRest);
declareMetrics(operationsRest);
