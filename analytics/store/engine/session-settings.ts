/** Settings of one request inside a session: what the session itself had is put back afterwards. */
import type { EngineConnection } from './native.ts';
import { literal } from './settings.ts';

type Setting = { name: string; value: string; changed: number };

/** Remembers the settings of these names and the database; the returned function puts them back. */
export async function rememberSettings(
  connection: EngineConnection,
  names: Iterable<string>,
): Promise<() => Promise<void>> {
  const wanted = [...names].filter((name) => !name.startsWith('param_')).map(literal);
  const { bytes } = await connection.run(
    `SELECT groupArray((name, value, changed))::Array(Tuple(name String, value String, changed UInt8)) AS settings,
      currentDatabase() AS database FROM system.settings WHERE name IN (${["''", ...wanted].join(', ')})`,
    'JSONEachRow',
  );
  const before = JSON.parse(Buffer.from(bytes).toString()) as { settings: Setting[]; database: string };
  return async () => {
    const values = before.settings.map(
      ({ name, value, changed }) => `${name} = ${changed === 1 ? literal(value) : 'DEFAULT'}`,
    );
    if (values.length > 0) await connection.run(`SET ${values.join(', ')}`);
    await connection.run(`USE ${quoteName(before.database)}`);
  };
}

export const quoteName = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
