/** Silence as PCMU (G.711 µ-law, 8 kHz): 20 ms a packet, for ever. */
import type { AccessUnit } from './clip-file.ts';

const PACKET_TICKS = 1800;
const PACKET_SAMPLES = 160;
const PCMU_ZERO = 0xff;

export async function* silence(fromTicks: number): AsyncGenerator<AccessUnit> {
  const payloads = [Buffer.alloc(PACKET_SAMPLES, PCMU_ZERO)];
  for (let ticks = fromTicks; ; ticks += PACKET_TICKS) {
    yield {
      presentTicks: ticks,
      decodeTicks: ticks,
      durationTicks: PACKET_TICKS,
      isKeyframe: true,
      payloads,
      bytes: PACKET_SAMPLES,
    };
  }
}
