/**
 * Re-exported by every module with functions: its queries and mutations may get a context again that earlier calls have
 * used, with its modules loaded, which takes longer than most functions. So no module keeps in its global scope what
 * belongs to one caller or decides a result; a test reads the sources for it. The hosted platform honours this name for
 * queries and mutations, the embedded deployment for actions too.
 */
export const experimental_reuseContext = true;
