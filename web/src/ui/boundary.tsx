// A page that falls over says so in its place; the frame, the stream and the other pages go on.
import { Component, type ReactNode } from "react";
import { Fault } from "./kit";

export class Boundary extends Component<{ children: ReactNode }, { fault?: unknown }> {
  override state: { fault?: unknown } = {};
  static getDerivedStateFromError = (fault: unknown) => ({ fault });

  override render() {
    if (this.state.fault === undefined) return this.props.children;
    return (
      <main id="main" tabIndex={-1}>
        <Fault fault={this.state.fault} retry={() => this.setState({ fault: undefined })} />
      </main>
    );
  }
}
