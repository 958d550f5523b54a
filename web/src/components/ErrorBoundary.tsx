import { Component, useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { readFailure } from "@/lib/errors";
import { reportFailure } from "@/lib/server/failureReports";
import { NotLoadedError } from "@/lib/lazyPart";
import { useOnline } from "@/lib/live/useOnline";
import { ErrorState } from "./states";
import { Card } from "./ui/card";

type Props = {
  children: ReactNode;
  /** A new value tries again; usually the page's path. */
  resetKey?: string;
};

/**
 * Keeps a failure within its area, so that the rest of the page goes on working. A part that could not be fetched is
 * fetched when the connection returns.
 */
export class ErrorBoundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: null as unknown, failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  override componentDidCatch(error: unknown) {
    reportFailure(error);
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.failed && previous.resetKey !== this.props.resetKey) this.reset(false);
  }

  override componentWillUnmount() {
    if (this.state.error instanceof NotLoadedError) this.state.error.forget(false);
  }

  reset = (asked: boolean) => {
    if (this.state.error instanceof NotLoadedError) this.state.error.forget(asked);
    this.setState({ error: null, failed: false });
  };

  override render() {
    if (!this.state.failed) return this.props.children;
    const { error } = this.state;
    return (
      <>
        {error instanceof NotLoadedError && <OnReconnect act={() => this.reset(false)} />}
        <Card>
          <ErrorState failure={readFailure(this.state.error)} retry={() => this.reset(true)} />
        </Card>
      </>
    );
  }
}

/** Acts once when the connection was lost and is back. */
function OnReconnect({ act }: { act: () => void }) {
  const online = useOnline();
  const [wasOffline, setWasOffline] = useState(!online);
  if (!online && !wasOffline) setWasOffline(true);
  const returned = useEffectEvent(act);
  useEffect(() => {
    if (online && wasOffline) returned();
  }, [online, wasOffline]);
  return null;
}
