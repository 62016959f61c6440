/**
 * Searches for devices: questions go out by multicast on every interface, or to single hosts; what answers is merged and
 * comes out as news, device by device, as soon as it is known. Nothing is ever asked at an address that a device only
 * names.
 */
import type { DiscoveryNews } from '#models/schema/discovered-device.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { type Ear, openGroupEar, openHostEar, openLinkEar } from './ears.ts';
import { openHearing } from './hearing.ts';
import { KNOCKS_AT_ONCE, knock } from './knock.ts';
import { findInterfaces } from './own-network.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { createPresence } from './presence.ts';
import { DISCOVERY_PORT, QUESTION_KINDS } from './question.ts';
import { makeKnockSighting } from './sighting.ts';
import type { Target } from './targets.ts';

export const PACKETS_PER_S_MAX = 200;

export type DiscoverOptions = {
  /** Aborting ends the search; what was found until then has been told. */
  signal: AbortSignal;
  logger: Logger;
  /** Asked one by one; empty: everybody, by multicast. */
  targets: readonly Target[];
  /** Where silent hosts are asked for their time over HTTP; only with targets. */
  ports?: readonly number[];
  /** Listens this long after the last question. */
  listenS?: number;
  /** Goes on until the signal aborts, and tells who comes and goes. */
  isWatching?: boolean;
  watchEveryS?: number;
  packetsPerS?: number;
  isWanted?: (interfaceName: string) => boolean;
  /** Of the devices; another one than 3702 is for tests. */
  port?: number;
};

type Search = Required<Omit<DiscoverOptions, 'isWanted'>> & { isWanted: (name: string) => boolean };

const LISTEN_S = 3;
const WATCH_EVERY_S = 20;
/** SOAP over UDP, appendix I: a question is repeated after 50 to 250 ms. */
const REPEAT_MS = { least: 50, spread: 200 };
/** A lost question or answer costs nothing: who has not answered is asked again. */
const PASSES = 2;
/**
 * What the kernel keeps of answers that come at once (rmem_max is 208 kB by default, and each counts more than its
 * bytes): beyond that some were lost, whoever sent them, and there are more passes.
 */
const FLOOD_ANSWERS = 100;
const PASSES_AFTER_FLOOD = 5;
const FEW_HOSTS = 32;
/** A /22 and some: all three questions twice fit into half a minute. */
const REPEATED_HOSTS = 1100;
/** WS-Discovery spreads answers over up to 500 ms. */
const ANSWER_MS = 500;

export async function* discover(options: DiscoverOptions): AsyncGenerator<DiscoveryNews> {
  const search: Search = {
    listenS: LISTEN_S,
    watchEveryS: WATCH_EVERY_S,
    packetsPerS: PACKETS_PER_S_MAX,
    isWatching: false,
    ports: [],
    port: DISCOVERY_PORT,
    isWanted: () => true,
    ...options,
  };
  const { logger, isWatching } = search;
  const over = new AbortController();
  const signal = AbortSignal.any([search.signal, over.signal]);
  const hearing = openHearing();
  const pacer = createPacer(search.packetsPerS, signal);
  const presence = createPresence(hearing.book);
  const bell = createBell();
  const hear = (bytes: Uint8Array, host: string) => {
    for (const heard of hearing.hear(bytes, host)) presence.note(heard);
    bell.ring();
  };
  await using ears = new AsyncDisposableStack();
  const interfaces = findInterfaces(search.isWanted);
  const use = <One extends Ear>(ear: One | undefined): One[] => (ear === undefined ? [] : [ears.use(ear)]);
  const asking = { ...search, signal, hearing, pacer, presence, ring: bell.ring };
  const isEverybody = search.targets.length === 0;
  const links = isEverybody
    ? (await Promise.all(interfaces.map((one) => openLinkEar(one, { hear, logger })))).flatMap(use)
    : [];
  const single = isEverybody
    ? []
    : await Promise.all(([4, 6] as const).map((family) => openHostEar(family, { hear, logger })));
  single.flatMap(use);
  if (isWatching) (await Promise.all(interfaces.map((one) => openGroupEar(one, { hear, logger })))).flatMap(use);
  const earOf = ({ family }: Target) => single[family === 4 ? 0 : 1];
  const round = () => (isEverybody ? askLinks(links, asking) : askHosts({ ...asking, earOf }));
  const whole = (async () => {
    do {
      await round();
      await pause(search.listenS * 1000, signal);
      presence.endRound();
      bell.ring();
      if (isWatching) await pause(search.watchEveryS * 1000, signal);
      hearing.renew();
    } while (isWatching && !signal.aborted);
  })().finally(() => {
    over.abort();
    bell.ring();
  });
  // What fails in it is told when it is waited for below.
  whole.catch(() => {});
  try {
    while (!signal.aborted) {
      yield* presence.news();
      await bell.rung(signal);
    }
    yield* presence.news();
    if (!search.signal.aborted) await whole;
    const devices = [...hearing.book.entries()].length;
    const { refused: repliesRefused, ...counts } = hearing.counts;
    yield { type: 'end', tally: { devices, asked: pacer.sent(), ...counts, repliesRefused } };
  } finally {
    over.abort();
    await whole.catch((error: Error) => logger.debug({ error: error.message }, 'search ended'));
  }
}

type Asking = Search & {
  hearing: ReturnType<typeof openHearing>;
  pacer: Pacer;
  presence: ReturnType<typeof createPresence>;
  ring: () => void;
};

/** All three questions over every interface, repeated as SOAP over UDP says, and all once more. */
async function askLinks(links: readonly (Ear & { group: string })[], asking: Asking): Promise<void> {
  const { hearing, pacer, signal, port } = asking;
  const hasMore = countPasses(hearing, PASSES * 2);
  for (let pass = 0; hasMore(pass) && !signal.aborted; pass++) {
    for (const { bytes } of hearing.questions) {
      for (const link of links) {
        await pacer.next();
        link.send(bytes, { address: link.group, port });
      }
    }
    await pause(REPEAT_MS.least + Math.random() * REPEAT_MS.spread + (pass % 2) * 500, signal);
  }
}

/**
 * Question by question over all hosts. Of many hosts, who has answered is not asked again; a few are asked everything, as
 * devices behind one address may each answer another question. Who is still silent is asked once more.
 */
async function askHosts(asking: Asking & { earOf: (target: Target) => Ear | undefined }): Promise<void> {
  const { hearing, pacer, signal, targets, port, earOf } = asking;
  const isSilent = ({ address }: Target) => hearing.answeredBy(address.toLowerCase()).size === 0;
  const isFew = targets.length <= FEW_HOSTS;
  const hasMore = countPasses(hearing, PASSES);
  for (let pass = 0; hasMore(pass); pass++) {
    for (const { kind, bytes } of hearing.questions) {
      // In a second pass over very many only the question that most devices answer is repeated.
      if (pass > 0 && kind !== QUESTION_KINDS[0] && targets.length > REPEATED_HOSTS) continue;
      for (const target of targets) {
        if (signal.aborted) return;
        if (!isSilent(target) && (pass > 0 || !isFew)) continue;
        await pacer.next();
        earOf(target)?.send(bytes, { address: target.address, port });
      }
    }
    await pause(ANSWER_MS, signal);
  }
  await knockAtSilent(asking, targets.filter(isSilent));
}

function countPasses({ counts }: Asking['hearing'], usual: number): (pass: number) => boolean {
  const heard = () => counts.answers + counts.unreadable + counts.refused;
  let before = heard();
  return (pass) => {
    const isFlooded = heard() - before > FLOOD_ANSWERS;
    before = heard();
    return pass < usual || (isFlooded && pass < usual + PASSES_AFTER_FLOOD);
  };
}

/** As many at once as the pace allows; a host that told its time at one port is not asked at the next. */
async function knockAtSilent(asking: Asking, silent: readonly Target[]): Promise<void> {
  const { ports, hearing, pacer, presence, signal, ring } = asking;
  const isDone = new Set<string>();
  for (const port of ports) {
    const waiting = silent.values();
    const knockOn = async () => {
      for (const { address } of waiting) {
        if (signal.aborted) return;
        if (isDone.has(address) || hearing.answeredBy(address).size > 0) continue;
        const answer = await knock({ address, port }, { pacer, signal });
        if (answer === 'nobody') continue;
        isDone.add(address);
        presence.note(hearing.take(makeKnockSighting({ address, port }, answer === 'locked')));
        ring();
      }
    };
    await Promise.all(Array.from({ length: Math.min(KNOCKS_AT_ONCE, silent.length) }, knockOn));
  }
}

/** One waiter, who is woken once however often it rings. */
function createBell() {
  let wake = () => {};
  let isRung = false;
  return {
    ring() {
      isRung = true;
      wake();
    },
    async rung(signal: AbortSignal): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      signal.addEventListener('abort', wake, { once: true });
      if (!isRung && !signal.aborted) await promise;
      signal.removeEventListener('abort', wake);
      isRung = false;
    },
  };
}
