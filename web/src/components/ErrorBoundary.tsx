import { Component, type ReactNode } from "react";
import { readFailure } from "@/lib/errors";
import { ErrorState } from "./states";
import { Card } from "./ui/card";

type Props = { children: ReactNode; /** A change of it tries again, such as the page's path. */ resetKey?: string };

/** Keeps a failure within its area: the rest of the page goes on working. */
export class ErrorBoundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: null as unknown, failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.failed && previous.resetKey !== this.props.resetKey) this.reset();
  }

  reset = () => this.setState({ error: null, failed: false });

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Card>
        <ErrorState failure={readFailure(this.state.error)} retry={this.reset} />
      </Card>
    );
  }
}
