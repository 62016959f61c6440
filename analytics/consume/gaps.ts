/** Counts messages that the stream dropped (its loss rule) before they were consumed. */

type Delivery = { streamSequence: number; deliverySequence: number };

export type GapCounter = { see: (info: Delivery) => void };

/**
 * Deliveries are numbered over all processes that share the consumer. Where two that follow each other both came here,
 * what lies between their stream sequences was dropped; a redelivery has a lower stream sequence and says nothing.
 */
export function createGapCounter(
  last: Delivery,
  firstInStream: number,
  onLost: (messages: number) => void,
): GapCounter {
  let { streamSequence, deliverySequence } = last;
  if (firstInStream > streamSequence + 1) {
    // A consumer that is new, or was made anew, cannot know what was consumed before it.
    if (streamSequence > 0) onLost(firstInStream - streamSequence - 1);
    streamSequence = firstInStream - 1;
  }
  return {
    see(info) {
      const isNext = info.deliverySequence === deliverySequence + 1;
      if (isNext && info.streamSequence > streamSequence + 1) onLost(info.streamSequence - streamSequence - 1);
      deliverySequence = info.deliverySequence;
      streamSequence = Math.max(streamSequence, info.streamSequence);
    },
  };
}
