/** A head that turns: where it looks, its presets, and somebody at a keyboard who moves it now and then. */

export type Position = { pan: number; tilt: number; zoom: number };
export type Preset = { token: string; name: string; position: Position };

export type Ptz = Disposable & {
  position(): Position;
  isMoving(): boolean;
  presets(): readonly Preset[];
  /** False where there is no such preset. */
  goTo(token: string): boolean;
  move(by: Partial<Position>): void;
  stop(): void;
  set(preset: { token?: string | undefined; name: string }): Preset;
  remove(token: string): boolean;
};

export type PtzOptions = {
  presets: readonly Preset[];
  /** Somebody goes to another preset, and once a round stores it a little off; 0: nobody. */
  wanderEveryS: number;
  /** The preset whose view is seen now; undefined: somewhere between. */
  onView: (token: string | undefined) => void;
};

const MOVE_MS = 1500;
const NUDGE = 0.02;

const limited = (value: number, min: number) => Math.min(1, Math.max(min, value));

const isNear = (a: Position, b: Position) =>
  Math.abs(a.pan - b.pan) + Math.abs(a.tilt - b.tilt) + Math.abs(a.zoom - b.zoom) < 0.15;

export function createPtz({ presets: given, wanderEveryS, onView }: PtzOptions): Ptz {
  const presets = new Map(given.map((preset) => [preset.token, preset]));
  let position: Position = given[0]?.position ?? { pan: 0, tilt: 0, zoom: 0 };
  let movedAtMs = Number.NEGATIVE_INFINITY;
  let turn = 0;

  const place = (next: Position) => {
    position = { pan: limited(next.pan, -1), tilt: limited(next.tilt, -1), zoom: limited(next.zoom, 0) };
    movedAtMs = performance.now();
    onView(given.find((preset) => isNear(preset.position, position))?.token);
  };
  const goTo = (token: string) => {
    const preset = presets.get(token);
    if (preset !== undefined) place(preset.position);
    return preset !== undefined;
  };
  const wander = () => {
    const all = [...presets.values()];
    turn += 1;
    const preset = all[turn % Math.max(1, all.length)];
    if (preset === undefined) return;
    goTo(preset.token);
    if (turn % (all.length + 1) === 0) {
      const { pan, tilt, zoom } = preset.position;
      presets.set(preset.token, { ...preset, position: { pan: limited(pan + NUDGE, -1), tilt, zoom } });
    }
  };
  const timer = wanderEveryS > 0 ? setInterval(wander, wanderEveryS * 1000).unref() : undefined;

  return {
    position: () => position,
    isMoving: () => performance.now() - movedAtMs < MOVE_MS,
    presets: () => [...presets.values()],
    goTo,
    move: ({ pan = 0, tilt = 0, zoom = 0 }) =>
      place({ pan: position.pan + pan, tilt: position.tilt + tilt, zoom: position.zoom + zoom }),
    stop() {
      movedAtMs = Number.NEGATIVE_INFINITY;
    },
    set({ token = `preset-${presets.size + 1}`, name }) {
      const preset = { token, name, position };
      presets.set(token, preset);
      return preset;
    },
    remove: (token) => presets.delete(token),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
