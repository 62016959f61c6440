/** Whether the window is a wall's, or a large desk's: then a list has what it tells of beside it. */
import { mediaHook } from './use-media.ts';

export const useIsWide = mediaHook('(min-width: 1900px)');
