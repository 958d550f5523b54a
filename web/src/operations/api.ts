import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/api";

export type DeploymentState = FunctionReturnType<typeof api.operations.state.get>;
export type History = FunctionReturnType<typeof api.operations.state.history>;
export type Figures = NonNullable<History["buckets"][number]["figures"]>;
export type Latency = FunctionReturnType<typeof api.operations.latency.get>[number];
export type ErrorKind = FunctionReturnType<typeof api.operations.errors.list>[number];
export type ServiceKey = FunctionReturnType<typeof api.operations.serviceKeys.list>[number];
