/** Scopes of a device: what it is called, where it hangs, which profiles it speaks; as URIs. */
import type { DeviceContext } from './context.ts';
import type { Habits } from './habits.ts';

let gbkBytes: Map<string, readonly [number, number]> | undefined;

/** Node decodes GBK but does not encode it: the table is what its decoder says, read backwards. */
function gbkTable(): Map<string, readonly [number, number]> {
  if (gbkBytes !== undefined) return gbkBytes;
  const decoder = new TextDecoder('gbk');
  gbkBytes = new Map();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== '\ufffd') gbkBytes.set(character, [lead, trail]);
    }
  }
  return gbkBytes;
}

export function percentEncoded(text: string, charset: Habits['scopeCharset']): string {
  if (charset === 'utf-8') return encodeURIComponent(text);
  return [...text]
    .map((character) => {
      const bytes = gbkTable().get(character);
      if (bytes === undefined) return encodeURIComponent(character);
      return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    })
    .join('');
}

export function scopesOf({ identity, habits, ptz }: Pick<DeviceContext, 'identity' | 'habits' | 'ptz'>): string[] {
  const encoded = (text: string) => percentEncoded(text, habits.scopeCharset);
  const scope = (kind: string, value: string) => `onvif://www.onvif.org/${kind}/${value}`;
  return [
    scope('type', 'video_encoder'),
    scope('type', 'Network_Video_Transmitter'),
    ...(ptz === undefined ? [] : [scope('type', 'ptz')]),
    ...(habits.mediaVersions.includes(1) ? [scope('Profile', 'Streaming')] : []),
    ...(habits.mediaVersions.includes(2) ? [scope('Profile', 'T')] : []),
    scope('hardware', encoded(identity.model)),
    scope('name', encoded(identity.name)),
    scope('location', encoded(identity.location)),
  ];
}
