/** The ClickHouse engine inside this process: connections that run one statement at a time, off the event loop. */
import { createRequire } from 'node:module';

/** What the engine says about one statement. `rowsRead` of an insert counts the rows it took. */
export type EngineResult = { bytes: Uint8Array; elapsed: number; rowsRead: number; bytesRead: number };

export type EngineConnection = {
  /** Rejects with an Error whose message is the engine's own: `Code: 60. DB::Exception: … (UNKNOWN_TABLE)`. */
  run: (sql: string, format?: string) => Promise<EngineResult>;
  /** Only after the last statement settled: closing under a running one ends the whole engine. */
  close: () => void;
};

export type Engine = { connect: () => EngineConnection };

type Addon = {
  CreateConnection: (path: string, args?: string[]) => object | undefined;
  CloseConnection: (connection: object) => void;
  QueryAsyncConnection: (connection: object, sql: string, format: string) => Promise<EngineResult>;
};

/**
 * chdb’s addon without chdb’s own session object: that one puts off every close until all statements of the process
 * have ended, so that beside one analyst’s long query the connections of all others would pile up.
 */
function loadAddon(): Addon {
  const require = createRequire(createRequire(import.meta.url).resolve('chdb'));
  const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`;
  return require(`@chdb/lib-${platform}`) as Addon;
}

/** Opens the engine on a data folder; throws when another process holds the folder. */
export function openEngine(path: string, args: string[] = []): Engine {
  const addon = loadAddon();
  const connect = (): EngineConnection => {
    const connection = addon.CreateConnection(path, args);
    if (connection === undefined) throw new Error(`the engine gave no connection to ${path}`);
    return {
      run: (sql, format = 'TabSeparated') => addon.QueryAsyncConnection(connection, sql, format),
      close: () => addon.CloseConnection(connection),
    };
  };
  return { connect };
}
