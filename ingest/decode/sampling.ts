/** Which pictures are wanted: the first of each slot of 1 / sampleFps seconds of the stream's own time. */

export type Sampler = {
  /** Asked per packet, in the order of decoding: false only where the picture surely is not the first of its slot. */
  mayWant: (ptsS: number, frameIntervalS: number | undefined) => boolean;
  /** Asked per picture, in the order of showing; true at most once per slot. */
  wants: (ptsS: number) => boolean;
};

/** `sampleFps` undefined or infinite: every picture. */
export function createSampler(sampleFps: number | undefined): Sampler {
  if (sampleFps === undefined || !Number.isFinite(sampleFps)) return { mayWant: () => true, wants: () => true };
  // Times are rounded to the stream's ticks, so a picture may lie a hair before its slot.
  const slotOf = (ptsS: number) => Math.floor(ptsS * sampleFps + 0.01);
  let lastSlot: number | undefined;
  return {
    mayWant(ptsS, frameIntervalS) {
      if (frameIntervalS === undefined) return true;
      return slotOf(ptsS) !== slotOf(ptsS - 1.5 * frameIntervalS);
    },
    wants(ptsS) {
      const slot = slotOf(ptsS);
      if (slot === lastSlot) return false;
      lastSlot = slot;
      return true;
    },
  };
}
