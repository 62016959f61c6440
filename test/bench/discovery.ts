/**
 * Prints how long it takes to find 200 devices in a /22 one by one, and how many packets that costs: node
 * test/bench/discovery.ts. Each device answers from an address of its own on loopback, a third of them only one of the
 * three questions; one in twenty answers is lost. The rate is what arrives at the devices and at everybody else: a
 * second socket counts what is sent to addresses where nobody is.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { discover, PACKETS_PER_S_MAX } from '#ingest/discovery/discover.ts';
import { findTargets } from '#ingest/discovery/targets.ts';
import { createLogger } from '#system/logs.ts';

const RANGE = '127.20.0.0/22';
const DEVICES = 200;
const LOST = 0.05;
const WANTED = { seconds: 30, packetsPerS: PACKETS_PER_S_MAX, devices: DEVICES };

const PORT = 37_020;
const QUESTIONS = ['NetworkVideoTransmitter</d:Types>', 'tds:Device</d:Types>', '<d:Probe></d:Probe>'];

const answerOf = (host: string, uuid: string, relatesTo: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:${uuid}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/device onvif://www.onvif.org/hardware/D1</d:Scopes><d:XAddrs>http://${host}/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;

/** Answers everything, or, every third, only one of the questions. */
async function startDevice(host: string, number: number, onAsked: () => void): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const uuid = crypto.randomUUID();
  socket.on('message', (message, from) => {
    onAsked();
    const text = message.toString();
    const isMeant = number % 3 !== 0 || text.includes(QUESTIONS[(number / 3) % 3] ?? '');
    const relatesTo = /MessageID>([^<]+)</.exec(text)?.[1] ?? '';
    if (isMeant && Math.random() >= LOST) socket.send(answerOf(host, uuid, relatesTo), from.port, from.address);
  });
  socket.bind(PORT, host);
  await once(socket, 'listening');
  return socket;
}

const targets = await findTargets({ ranges: [RANGE] });
const times: number[] = [];
const step = Math.floor(targets.length / DEVICES);
const hosts = Array.from({ length: DEVICES }, (_, at) => targets[at * step]?.address ?? '');
const sockets = await Promise.all(hosts.map((host, at) => startDevice(host, at, () => times.push(performance.now()))));
// Everything else of the loopback network arrives here.
const rest = createSocket({ type: 'udp4', reuseAddr: true }).on('message', () => times.push(performance.now()));
rest.bind(PORT, '0.0.0.0');
await once(rest, 'listening');

const began = performance.now();
const cpu = process.cpuUsage();
const foundAtMs: number[] = [];
let asked = 0;
const logger = createLogger('bench', { logLevel: 'warn' });
for await (const news of discover({ signal: AbortSignal.timeout(120_000), logger, targets, port: PORT })) {
  if (news.type === 'device') foundAtMs.push(performance.now() - began);
  if (news.type === 'end') asked = news.tally.asked;
}
const tookS = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
for (const socket of [...sockets, rest]) socket.close();

const most = Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length));
const devices = foundAtMs.length;
const at = (share: number) => ((foundAtMs[Math.ceil(devices * share) - 1] ?? Number.NaN) / 1000).toFixed(1);
console.log(`${RANGE}: ${targets.length} addresses, ${DEVICES} devices, ${LOST * 100} % of answers lost`);
console.log(
  `found ${devices}: half after ${at(0.5)} s, 95 % after ${at(0.95)} s, all after ${at(1)} s; over after ${tookS.toFixed(1)} s`,
);
console.log(
  `${asked} packets sent, ${times.length} arrived, at most ${most} in any second; CPU ${((user + system) / 1e6).toFixed(1)} s, devices included`,
);
const isMet =
  devices === WANTED.devices && (foundAtMs.at(-1) ?? Infinity) <= WANTED.seconds * 1000 && most <= WANTED.packetsPerS;
console.log(isMet ? 'figure met' : `NOT met: wanted ${JSON.stringify(WANTED)}`);
if (!isMet) process.exitCode = 1;
