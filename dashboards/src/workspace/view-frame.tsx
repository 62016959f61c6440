/** The content of a view: it fills what the shell leaves. The map has a frame of its own. */
import type { ReactNode } from 'react';

type ViewFrameProps = { name: string; children: ReactNode };

/** `name` is the class of the view's content, which scrolls by itself where it wants to. */
export const ViewFrame = ({ name, children }: ViewFrameProps) => (
  <div className={`view-content ${name}`}>{children}</div>
);
