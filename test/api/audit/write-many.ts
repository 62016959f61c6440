/** A process that writes many lines into an audit log, for the test of several at once: folder, key (hex), name, count. */
import { openChain } from '#api/audit/chain.ts';

const [folder = '', key = '', name = '', count = '0'] = process.argv.slice(2);
using chain = openChain(folder, Buffer.from(key, 'hex'));
for (let index = 0; index < Number(count); index++) {
  chain.append({ at: new Date().toISOString(), action: 'test', user: name, index }, '2026-11-26');
  if (index === 10) process.send?.('begun');
}
