/** What computes a model: the execution providers of ONNX Runtime, by its names for them. */
import { closest } from 'fastest-levenshtein';
import Type, { type Static } from 'typebox';

export const EXECUTION_PROVIDERS = ['cpu', 'cuda', 'tensorrt', 'openvino', 'coreml', 'dml', 'webgpu'] as const;

export const ExecutionProvider = Type.Enum(EXECUTION_PROVIDERS);
export type ExecutionProvider = Static<typeof ExecutionProvider>;

/** What a model runs on, beside what was asked for. */
export const ModelRuntime = Type.Object({
  asked: Type.Array(ExecutionProvider),
  provider: ExecutionProvider,
  parts: Type.Optional(
    Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'Provider → operators of the model that it computes; counted for all but the CPU alone',
    }),
  ),
  refused: Type.Array(Type.Object({ provider: ExecutionProvider, why: Type.String(), cure: Type.String() }), {
    description: 'Those that were asked for before it and could not be had',
  }),
});
export type ModelRuntime = Static<typeof ModelRuntime>;
export type Refusal = ModelRuntime['refused'][number];

const isKnown = (name: string): name is ExecutionProvider => (EXECUTION_PROVIDERS as readonly string[]).includes(name);

/** The first name that is none, in words, with the nearest one that is; undefined where all are. */
export function unknownProvider(names: readonly unknown[]): string | undefined {
  const wrong = names.map(String).find((name) => !isKnown(name));
  if (wrong === undefined) return undefined;
  const known = EXECUTION_PROVIDERS.join(', ');
  return `there is no execution provider "${wrong}"; did you mean "${closest(wrong.toLowerCase(), EXECUTION_PROVIDERS)}"? There are ${known}`;
}

/** One sentence and a cure where a model does not run on what was asked for first; undefined where it does. */
export function describeFallback(
  model: string,
  { provider, refused }: ModelRuntime,
): { message: string; cure: string } | undefined {
  if (refused.length === 0) return undefined;
  const names = refused.map((refusal) => refusal.provider).join(', ');
  const reasons = refused.map((refusal) => `${refusal.provider}: ${refusal.why}`).join('; ');
  return {
    message: `${model} runs on ${provider}, not on ${names} as asked (${reasons})`,
    cure: [...new Set(refused.map(({ cure }) => cure))].join(' '),
  };
}
