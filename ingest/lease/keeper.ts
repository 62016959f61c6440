/** One worker's leases, kept: marked alive, renewed, claimed up to the fair share, settled where they were contested. */
import { hostname } from 'node:os';
import type { Lease, WorkerMark } from '#models/registry/registry.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import type { Claim, ClaimOptions } from './claims.ts';
import type { Followed } from './follow.ts';
import { byPreference, fairShare } from './share.ts';

type Held = Claim & { revision: number; renewedAtMs: number };

/** A round of claims takes at most this many: a power cut returns many cameras at once. */
const CLAIMS_PER_TICK = 8;
/** What is above the share must stay so for a while: workers that come and go shake nobody. */
const SETTLE_MS = 1500;
/** The broker expires what is older than the bucket's lifetime; seen from here a moment later. */
const EXPIRY_MARGIN_MS = 250;
/** Share of its lifetime after which a lease is renewed: two renewals may fail before it is lost. */
const RENEWAL = 0.3;
/** After an outage others get this long to reconnect and to renew what they have. */
const GRACE_MS = 10_000;

/** A camera is free, held (in `held`) or another's; as `Claims` says. `tick` moves cameras from one to the other. */
export class Keeper {
  readonly held = new Map<string, Held>();
  readonly #options: ClaimOptions;
  readonly #leases: Followed<Lease>;
  readonly #workers: Followed<WorkerMark>;
  readonly #startedAtMs = Date.now();
  readonly #renewMs: number;
  readonly #expiryMs: number;
  #markedAtMs = Number.NEGATIVE_INFINITY;
  #connectedAtMs = performance.now();
  #graceUntilMs = Number.NEGATIVE_INFINITY;
  #isConnected = true;
  #surplusSinceMs = Number.POSITIVE_INFINITY;

  constructor(options: ClaimOptions, leases: Followed<Lease>, workers: Followed<WorkerMark>) {
    this.#options = options;
    this.#leases = leases;
    this.#workers = workers;
    const { lifetimeMs = BUCKETS.leases.ttlMs } = options;
    this.#renewMs = lifetimeMs * RENEWAL;
    this.#expiryMs = lifetimeMs + EXPIRY_MARGIN_MS;
  }

  async tick(): Promise<void> {
    if (!this.#options.isConnected()) return;
    try {
      await this.#keep();
    } catch (error) {
      // Where that fails too, the first failure is what is worth telling.
      await this.#mend().catch(() => {});
      throw error;
    }
  }

  /** Whatever failed, it may be that a bucket is gone: it is made anew, and the next renewal claims in it. */
  async #mend(): Promise<void> {
    const { leases, workers, isConnected } = this.#options;
    if (!isConnected()) return;
    await Promise.all([leases.madeAtUs(), workers.madeAtUs()]);
    this.#leases.refresh();
    this.#workers.refresh();
  }

  async #keep(): Promise<void> {
    const now = performance.now();
    await Promise.all(
      [...this.held.values()]
        .filter((held) => now - held.renewedAtMs >= this.#renewMs)
        .map((held) => this.#renew(held)),
    );
    if (now - this.#markedAtMs >= this.#renewMs) await this.mark();
    const hadCameras = this.held.size;
    await this.#claimFree();
    this.#watchSurplus();
    if (this.held.size !== hadCameras) await this.mark();
  }

  /**
   * After the broker was away our leases are renewed first, and nothing is claimed before others had the time to do
   * the same: theirs have expired too. Watched beside the ticks, because a tick may hang on a request meanwhile.
   */
  watchConnection(): void {
    const isConnected = this.#options.isConnected();
    if (isConnected && !this.#isConnected) {
      this.#connectedAtMs = performance.now();
      this.#graceUntilMs = this.#connectedAtMs + GRACE_MS;
      this.#leases.refresh();
      this.#workers.refresh();
      for (const held of this.held.values()) {
        this.#renew(held).catch((error: Error) =>
          this.#options.logger.warn({ error: error.message }, 'lease not renewed'),
        );
      }
    }
    this.#isConnected = isConnected;
  }

  async mark(): Promise<void> {
    const { worker, workers, cameraCap } = this.#options;
    const renewedAtMs = Date.now();
    await workers.put(worker, {
      worker,
      host: hostname(),
      pid: process.pid,
      cameras: this.held.size,
      cameraCap,
      startedAtMs: this.#startedAtMs,
      renewedAtMs,
    });
    this.#markedAtMs = performance.now();
  }

  #isExpired(seenAtMs: number): boolean {
    return performance.now() - Math.max(seenAtMs, this.#connectedAtMs) > this.#expiryMs;
  }

  /** How many cameras each other living worker takes at most. */
  #otherCaps(): number[] {
    return [...this.#workers.entries()]
      .filter(([name, mark]) => name !== this.#options.worker && !this.#isExpired(mark.seenAtMs))
      .map(([, mark]) => mark.value.cameraCap);
  }

  #share(): number {
    return fairShare({
      cameras: this.#options.wanted().size,
      cap: this.#options.cameraCap,
      otherCaps: this.#otherCaps(),
    });
  }

  #free(): string[] {
    const leases = this.#leases.entries();
    return [...this.#options.wanted()].filter((camera) => {
      if (this.held.has(camera)) return false;
      const lease = leases.get(camera);
      return lease === undefined || lease.value.worker === this.#options.worker || this.#isExpired(lease.seenAtMs);
    });
  }

  async #claimFree(): Promise<void> {
    if (performance.now() < this.#graceUntilMs) return;
    const room = Math.min(this.#share() - this.held.size, CLAIMS_PER_TICK);
    if (room <= 0) return;
    const choice = byPreference(this.#options.worker, this.#free()).slice(0, room);
    await Promise.all(choice.map((camera) => this.#claim(camera)));
  }

  /** Two writes: the first one's revision makes the term, the second writes it down. */
  async #claim(camera: string): Promise<void> {
    const { leases, worker, logger } = this.#options;
    try {
      const found = await leases.get(camera);
      if (found !== undefined && found.value.worker !== worker) return;
      const claim = this.#lease(camera, 0);
      // A lease in our own name is one of a former life of this worker: nobody else uses the name.
      const { term, revision } = await this.#take(() =>
        found === undefined ? leases.create(camera, claim) : leases.put(camera, claim, found.revision),
      );
      const held: Held = { camera, term, revision, renewedAtMs: performance.now() };
      this.held.set(camera, held);
      logger.info({ camera, term }, 'camera claimed');
      await this.#renew(held);
    } catch (error) {
      if (!isContest(error)) throw error;
    }
  }

  /** The term of a write that takes a camera. Throws where the bucket was made anew meanwhile: whose revision it is? */
  async #take(write: () => Promise<number>): Promise<{ term: number; revision: number }> {
    const { leases } = this.#options;
    const madeAtUs = await leases.madeAtUs();
    const revision = await write();
    if ((await leases.madeAtUs()) !== madeAtUs) throw new Error('the bucket of leases was made anew meanwhile');
    return { term: madeAtUs + revision, revision };
  }

  #lease(camera: string, term: number): Lease {
    return { camera, worker: this.#options.worker, term, renewedAtMs: Date.now() };
  }

  async #renew(held: Held): Promise<void> {
    const { leases } = this.#options;
    try {
      held.revision = await leases.put(held.camera, this.#lease(held.camera, held.term), held.revision);
      held.renewedAtMs = performance.now();
    } catch (error) {
      if (!isContest(error)) throw error;
      await this.#settle(held);
    }
  }

  /** The lease is not as we left it: our own write whose answer was lost, expired, or taken by another. */
  async #settle(held: Held): Promise<void> {
    const { leases, worker, logger } = this.#options;
    const found = await leases.get(held.camera);
    if (!this.#has(held)) return;
    if (found?.value.worker === worker && (found.value.term === held.term || found.value.term === 0)) {
      held.revision = found.revision;
      return;
    }
    if (found === undefined && (await this.#reclaim(held))) return;
    this.held.delete(held.camera);
    logger.warn({ camera: held.camera, term: held.term, by: found?.value.worker }, 'camera lost to another worker');
  }

  /** The lease expired while the broker was away, or its bucket was lost, and nobody has taken it: on under a new term. */
  async #reclaim(held: Held): Promise<boolean> {
    const { leases } = this.#options;
    try {
      const { term, revision } = await this.#take(() => leases.create(held.camera, this.#lease(held.camera, 0)));
      Object.assign(held, { term, revision });
    } catch (error) {
      if (isContest(error)) return false;
      throw error;
    }
    // Released while it was being claimed again: then it is nobody's.
    if (!this.#has(held)) await this.#remove(held);
    else this.#options.logger.info({ camera: held.camera, term: held.term }, 'camera claimed again');
    return true;
  }

  #watchSurplus(): void {
    const isOver = this.held.size > this.#share();
    if (!isOver) this.#surplusSinceMs = Number.POSITIVE_INFINITY;
    else this.#surplusSinceMs = Math.min(this.#surplusSinceMs, performance.now());
  }

  surplus(): ReadonlySet<string> {
    const wanted = this.#options.wanted();
    const unwanted = [...this.held.keys()].filter((camera) => !wanted.has(camera));
    if (performance.now() - this.#surplusSinceMs < SETTLE_MS) return new Set(unwanted);
    const kept = byPreference(this.#options.worker, this.held.keys()).filter((camera) => wanted.has(camera));
    return new Set([...unwanted, ...kept.slice(this.#share())]);
  }

  #has(held: Held): boolean {
    return this.held.get(held.camera) === held;
  }

  async release(camera: string): Promise<void> {
    const held = this.held.get(camera);
    if (held === undefined) return;
    this.held.delete(camera);
    const { logger, isConnected } = this.#options;
    if (!isConnected()) return;
    try {
      await this.#remove(held);
      logger.info({ camera, term: held.term }, 'camera released');
    } catch (error) {
      logger.warn({ camera, error: (error as Error).message }, 'camera not released; its lease expires by itself');
    }
  }

  /** A renewal that was on its way when the camera was released changes the revision once more. */
  async #remove({ camera, revision }: Held): Promise<void> {
    const { leases, worker } = this.#options;
    try {
      await leases.remove(camera, revision);
    } catch (error) {
      if (!isContest(error)) throw error;
      const found = await leases.get(camera);
      if (found?.value.worker === worker) await leases.remove(camera, found.revision);
    }
  }

  counts(): { cameras: number; workers: number; unclaimed: number } {
    const cameras = this.#options.wanted().size;
    return { cameras, workers: this.#otherCaps().length + 1, unclaimed: this.#free().length };
  }
}

function isContest(error: unknown): boolean {
  return ['already-exists', 'changed-meanwhile'].includes(faultCodeOf(error));
}
