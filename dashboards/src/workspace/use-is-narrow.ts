/** Whether the window is a phone's: then the panels become a sheet at the bottom. */
import { mediaHook } from './use-media.ts';

export const useIsNarrow = mediaHook('(max-width: 820px)');
