/** Keeps rail and header where a view fails: says so, and offers to load the page anew, which a page that was renewed meanwhile needs. */
import { Component, type ReactNode } from 'react';

type GuardProps = { children: ReactNode; failed: (error: unknown) => ReactNode };

/** States: whole → failed, for good; another view has a guard of its own. */
export class ViewGuard extends Component<GuardProps, { failed?: { error: unknown } }> {
  override state: { failed?: { error: unknown } } = {};

  static getDerivedStateFromError(error: unknown) {
    return { failed: { error } };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    return failed === undefined ? this.props.children : this.props.failed(failed.error);
  }
}
