/** Where this browser keeps what was chosen for the last session, to offer it again. */
export const LAST_GOAL = "focus:goal";
export const LAST_ACTIVITY = "focus:activity";
export const LAST_LENGTH = "focus:minutes";
