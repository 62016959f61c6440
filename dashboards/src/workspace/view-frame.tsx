/** A view that fills the window below one bar: brand, navigation, preferences. The map has a frame of its own. */
import type { ReactNode } from 'react';
import type { Me } from '#models/schema/person-view.ts';
import { Brand } from './brand.tsx';

type ViewFrameProps = { name: string; me: Me; signOut: () => void; children: ReactNode };

/** `name` is the class of the view's content, which scrolls by itself where it wants to. */
export function ViewFrame({ name, me, signOut, children }: ViewFrameProps) {
  return (
    <main className="view">
      <Brand me={me} signOut={signOut} />
      <div className={`view-content ${name}`}>{children}</div>
    </main>
  );
}
