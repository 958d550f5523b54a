import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Engine } from "../../engine";
import type { ClientInfo, FunctionCall, Outcome } from "../../functions";
import type { AdminKeys, TokenVerifier } from "../../identity";
import type { Watch } from "../../queries";
import type { Store } from "../../transactions";
import { redact } from "../http";
import { type ClientMessage, parseClientMessage, ProtocolError } from "./client-messages";
import type { FrameEncoder } from "./frames";
import { QuerySet } from "./query-set";
import { decodeTs, splitIntoFrames, type StateVersion, formatTransition } from "./server-messages";
import { SessionCalls } from "./session-calls";
import { SessionIdentity } from "./session-identity";
import { SessionSocket } from "./session-socket";

/** WebSocket close codes: 1008 policy violation, 1011 server condition, 1013 try again later. */
const CLOSE = { violation: 1008, condition: 1011, later: 1013 } as const;

type CallMessage = Extract<ClientMessage, { type: "Mutation" | "Action" }>;

/** One client's WebSocket: its query set, its identity and the order of its messages. */
export class SyncSession {
  readonly #socket: SessionSocket;
  readonly #host: SyncHost;
  readonly #client: ClientInfo;
  readonly #inbox: string[] = [];
  #handling = false;
  #sessionId: string | null = null;
  #version: StateVersion = { querySet: 0, identity: 0, ts: 0n };
  #querySet = 0;
  readonly #caller: SessionIdentity;
  readonly #queries: QuerySet;
  readonly #calls: SessionCalls;
  #mustTransition = false;

  /** @param connection what the socket speaks over. */
  constructor(socket: WebSocket, connection: Duplex, client: ClientInfo, host: SyncHost) {
    this.#socket = new SessionSocket(socket, connection, host.frames);
    this.#client = client;
    this.#host = host;
    this.#caller = new SessionIdentity(host, () => this.#refuseToken("Token expired", false));
    this.#queries = new QuerySet(
      (query, journal, onDirty) => host.watch(this.#makeCall(query), journal, onDirty),
      () => host.enqueue(this),
    );
    this.#calls = new SessionCalls({
      engine: host.engine,
      send: (text) => this.#socket.send(text),
      redact: (outcome) => this.#redact(outcome),
      oweTransition: () => this.#oweTransition(),
      refuse: () => this.close(CLOSE.later, "TooManyConcurrentCalls"),
      fail: () => this.close(CLOSE.condition, "InternalServerError"),
    });
  }

  /** Messages take effect strictly in the order they came, although checking a token may take time. */
  receive(text: string): void {
    if (this.#handling) {
      this.#inbox.push(text);
      return;
    }
    this.#handle(text);
  }

  #handle(text: string): void {
    let work: Promise<void> | undefined;
    try {
      work = this.#dispatch(parseClientMessage(text));
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (work === undefined) return;
    this.#handling = true;
    work.then(
      () => {
        this.#handling = false;
        while (!this.#handling && !this.#socket.isClosed && this.#inbox.length > 0) this.#handle(this.#inbox.shift()!);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #dispatch(message: ClientMessage): Promise<void> | undefined {
    if (this.#socket.isClosed) return undefined;
    if (message.type === "Connect") return this.#connect(message.sessionId, message.maxObservedTimestamp);
    if (this.#sessionId === null) throw new ProtocolError(`Received ${message.type} before Connect`);
    switch (message.type) {
      case "Authenticate":
        return this.#authenticate(message);
      case "ModifyQuerySet":
        return this.#modifyQuerySet(message);
      case "Mutation":
        return this.#mutate(message);
      case "Action":
        return this.#act(message);
      case "Event":
        return undefined;
    }
  }

  #connect(sessionId: string, observed: string | null): undefined {
    if (this.#sessionId !== null) throw new ProtocolError("Received Connect twice");
    this.#sessionId = sessionId;
    const observedTs = observed === null ? 0n : decodeTs(observed);
    if (observedTs === null) throw new ProtocolError("Connect.maxObservedTimestamp must be 8 bytes of base64");
    if (observedTs > this.#host.store.lastTs) {
      // The client has seen a commit we do not have: an older copy of the data is being served. It must not go on
      // quietly.
      console.error(
        "A client has observed a later timestamp than this deployment's newest commit; was older data restored?",
      );
      this.close(CLOSE.condition, "MaxObservedTimestampTooHigh");
    }
    return undefined;
  }

  async #authenticate(message: Extract<ClientMessage, { type: "Authenticate" }>): Promise<void> {
    const { version } = this.#caller;
    if (message.baseVersion !== version)
      throw new ProtocolError(`Authenticate.baseVersion is ${message.baseVersion}, expected ${version}`);
    const verified = await this.#caller.verify(message);
    if ("error" in verified) {
      this.#refuseToken(verified.error, true);
      return;
    }
    if (this.#socket.isClosed) return;
    this.#caller.become(verified);
    this.#queries.rewatch();
    this.#oweTransition();
  }

  #refuseToken(error: string, authUpdateAttempted: boolean): void {
    this.#socket.send(
      JSON.stringify({ type: "AuthError", error, baseVersion: this.#caller.version, authUpdateAttempted }),
    );
    this.close(CLOSE.violation, "AuthError");
  }

  #modifyQuerySet(message: Extract<ClientMessage, { type: "ModifyQuerySet" }>): undefined {
    if (message.baseVersion !== this.#querySet || message.newVersion <= message.baseVersion) {
      throw new ProtocolError(
        `ModifyQuerySet goes from ${message.baseVersion} to ${message.newVersion}, expected to start at ${this.#querySet}`,
      );
    }
    for (const modification of message.modifications) {
      if (modification.type === "Remove") this.#queries.remove(modification.queryId);
      else {
        this.#requireComponent(modification.componentPath);
        this.#queries.add(modification);
      }
    }
    this.#querySet = message.newVersion;
    this.#oweTransition();
    return undefined;
  }

  #mutate(message: CallMessage): undefined {
    this.#requireComponent(message.componentPath);
    this.#calls.mutate(this.#makeCall(message), { sessionId: this.#sessionId!, requestId: message.requestId });
    return undefined;
  }

  #act(message: CallMessage): undefined {
    this.#requireComponent(message.componentPath);
    this.#calls.act(this.#makeCall(message), message.requestId);
    return undefined;
  }

  #redact<T extends Outcome>(outcome: T): T {
    return this.#host.redactErrors && !this.#caller.isAdmin ? redact(outcome) : outcome;
  }

  #makeCall(request: { udfPath: string; args: FunctionCall["args"]; componentPath: string }): FunctionCall {
    return {
      component: request.componentPath,
      path: request.udfPath,
      args: request.args,
      identity: this.#caller.identity,
      reach: this.#caller.isAdmin ? "all" : "public",
      client: this.#client,
    };
  }

  #requireComponent(componentPath: string): void {
    if (componentPath !== "" && !this.#caller.isAdmin)
      throw new ProtocolError("Functions in components can only be called directly with the admin key");
  }

  /** A transition follows, even one without changes. */
  #oweTransition(): void {
    this.#mustTransition = true;
    this.#host.enqueue(this);
  }

  /** Called by the hub only. Works until `deadline`, as `performance.now()` tells it. → false when work is left. */
  flush(deadline: number): boolean {
    try {
      return this.#flush(deadline);
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  /** Sends one transition with everything that changed, all of it as of the newest commit. */
  #flush(deadline: number): boolean {
    // A half-applied sequence of messages must not show: the rest is flushed when the token has been checked.
    if (this.#socket.isClosed || this.#handling || !(this.#mustTransition || this.#queries.changed)) return true;
    if (this.#socket.isBehind) {
      this.#host.retryLater(this);
      return true;
    }
    if (!this.#queries.refresh(deadline)) return false;
    const modifications = this.#queries.takeModifications((outcome) => this.#redact(outcome));
    const ts = this.#host.store.lastTs;
    if (modifications === "" && !this.#mustTransition) return true;
    this.#mustTransition = false;
    const end: StateVersion = { querySet: this.#querySet, identity: this.#caller.version, ts };
    const text = formatTransition(this.#version, end, modifications);
    this.#version = end;
    for (const frame of splitIntoFrames(text)) this.#socket.send(frame);
    return true;
  }

  pingIfSilentSince(timeMs: number): void {
    if (this.#socket.lastSentAt <= timeMs) this.#socket.send('{"type":"Ping"}');
  }

  #fail(error: unknown): void {
    if (error instanceof ProtocolError) {
      this.#socket.send(JSON.stringify({ type: "FatalError", error: error.message }));
      this.close(CLOSE.violation, "ProtocolError");
      return;
    }
    console.error("A WebSocket was closed after an unexpected error:", error);
    this.close(CLOSE.condition, "InternalServerError");
  }

  /** Ends the session: nothing is sent or run for it any more. */
  close(code?: number, reason?: string): void {
    if (this.#socket.isClosed) return;
    this.#socket.close(code, reason);
    this.#caller.close();
    this.#queries.close();
    this.#calls.close();
    this.#host.forget(this);
  }

  /** Cuts a socket whose peer does not answer the closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }
}

/** The surroundings of a session. */
export interface SyncHost {
  readonly engine: Engine;
  readonly store: Store;
  readonly keys: AdminKeys;
  readonly tokens: TokenVerifier;
  readonly redactErrors: boolean;
  readonly frames: FrameEncoder;
  watch(call: FunctionCall, journal: string | null, onDirty: () => void): Watch;
  /** Flush this session soon; asking again before then costs nothing. */
  enqueue(session: SyncSession): void;
  retryLater(session: SyncSession): void;
  forget(session: SyncSession): void;
}
