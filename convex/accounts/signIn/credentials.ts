/** The one module that writes `authAccounts`: by which passwords and Google accounts a user signs in. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type ReadCtx = { db: QueryCtx["db"] };
type Provider = "password" | "google";

/** The account of `provider` with this id there, or null. A password's id is the email address. */
export const getAccount = (ctx: ReadCtx, provider: Provider, id: string): Promise<Doc<"authAccounts"> | null> =>
  ctx.db
    .query("authAccounts")
    .withIndex("providerAndAccountId", (q) => q.eq("provider", provider).eq("providerAccountId", id))
    .unique();

export const getPasswordAccount = (ctx: ReadCtx, userId: Id<"users">): Promise<Doc<"authAccounts"> | null> =>
  ctx.db
    .query("authAccounts")
    .withIndex("userIdAndProvider", (q) => q.eq("userId", userId).eq("provider", "password"))
    .unique();

/** @param hash as signIn/passwordHash makes it */
export const addPassword = (ctx: MutationCtx, userId: Id<"users">, email: string, hash: string) =>
  ctx.db.insert("authAccounts", { userId, provider: "password", providerAccountId: email, secret: hash });

export const replacePassword = (ctx: MutationCtx, account: Doc<"authAccounts">, hash: string): Promise<void> =>
  ctx.db.patch("authAccounts", account._id, { secret: hash });

export const removePassword = (ctx: MutationCtx, account: Doc<"authAccounts">): Promise<void> =>
  ctx.db.delete("authAccounts", account._id);

export const addGoogleAccount = (ctx: MutationCtx, userId: Id<"users">, sub: string) =>
  ctx.db.insert("authAccounts", { userId, provider: "google", providerAccountId: sub });
