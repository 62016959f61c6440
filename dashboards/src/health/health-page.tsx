/** The wall of health: how every camera is. */
import { useWords } from '../words/language.tsx';
import type { ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';

export function HealthPage({ me, signOut }: ViewProps) {
  const words = useWords();
  return (
    <ViewFrame name="health" me={me} signOut={signOut}>
      <h2>{words.views.health}</h2>
    </ViewFrame>
  );
}
