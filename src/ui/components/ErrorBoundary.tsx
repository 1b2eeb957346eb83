import { Component, type ReactNode } from "react";
import { AppError } from "../../core/errors";
import { ErrorNote } from "./ErrorNote";

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** Shows an error of the screen inside it, so that the rest of the page stays usable. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: AppError | null }> {
  override state: { error: AppError | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: AppError } {
    return { error: AppError.from(thrown) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <ErrorNote error={error} onDismiss={() => this.setState({ error: null })} />;
  }
}
