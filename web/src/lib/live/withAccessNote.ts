import type { QueryState } from "./useQueryState";

/** Without the permission, the failure says what is closed and whom to ask. */
export const withAccessNote = <State extends QueryState<unknown>>(state: State, note: string): State =>
  state.kind === "error" && state.failure.code === "FORBIDDEN"
    ? { ...state, failure: { ...state.failure, message: note } }
    : state;
