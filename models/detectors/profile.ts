/** Counts which provider computes how many operators of a model, from the profile that ONNX Runtime writes of a run. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXECUTION_PROVIDERS } from '../schema/execution-provider.ts';

type Event = { cat?: string; name?: string; args?: { provider?: string } };

/** `folder` holds one profile. Names in it are like `WebGpuExecutionProvider`; undefined where nothing is told. */
export function countParts(folder: string): Record<string, number> | undefined {
  const [file] = readdirSync(folder);
  if (file === undefined) return undefined;
  const events = JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as Event[];
  const providerOf = new Map<string, string>();
  for (const { cat, name, args } of events) {
    if (cat !== 'Node' || name === undefined || args?.provider === undefined) continue;
    const told = args.provider.toLowerCase();
    providerOf.set(name, EXECUTION_PROVIDERS.find((provider) => told.startsWith(provider)) ?? args.provider);
  }
  if (providerOf.size === 0) return undefined;
  const parts: Record<string, number> = {};
  for (const provider of providerOf.values()) parts[provider] = (parts[provider] ?? 0) + 1;
  return parts;
}
