/** A share as a bar with its figure. */

import { useWords } from '../words/language.tsx';
import { formatShare } from './share-text.ts';

export function ShareBar({ share, label }: { share: number; label: string }) {
  const words = useWords();
  const text = formatShare(share, words);
  return (
    <span className="share-bar" title={`${label}: ${text}`}>
      <i style={{ width: `${Math.min(1, share) * 100}%` }} />
      <b>{text}</b>
    </span>
  );
}
