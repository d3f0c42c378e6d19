import { Component, type ReactNode } from 'react';
import { strings } from '../strings.js';
import { ErrorNotice } from './error-notice.js';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** Keeps the failure of one part from blanking the page. React logs what was thrown to the browser's console. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <ErrorNotice
        error={{ message: strings.errors.page, remedy: strings.errors.pageRemedy }}
        onRetry={() => this.setState({ hasFailed: false })}
      />
    );
  }
}
