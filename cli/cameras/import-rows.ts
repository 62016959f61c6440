/** Rows of a sheet made ready for the API: passwords from files and the environment, devices asked for their channels. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SheetRow } from '#models/registry/sheet/read-sheet.ts';
import type { ImportRow, RowOutcome } from '#models/schema/camera-import.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { askDevices } from './import-devices.ts';

export type Resolved = { rows: ImportRow[]; refused: RowOutcome[] };

type Options = {
  /** Of the sheet: password files lie beside it. */
  folder: string;
  say: (text: string) => void;
  env?: NodeJS.ProcessEnv;
};

export async function resolveRows(sheet: readonly SheetRow[], options: Options): Promise<Resolved> {
  const { env = process.env, folder, say } = options;
  const rows: ImportRow[] = [];
  const refused: RowOutcome[] = [];
  for (const { row, fields, faults } of sheet) {
    try {
      const [fault] = faults;
      if (fault !== undefined) {
        const cure = 'Correct the cell that is named.';
        const about = { field: fault.field };
        throw new FaultError('invalid-value', `${fault.field}: ${fault.message}`, { about, cure });
      }
      rows.push({ row, fields: withPassword(fields, { env, folder }) });
    } catch (error) {
      refused.push(refusalOf(row, fields, error as FaultError));
    }
  }
  const devices = rows.filter(({ fields }) => fields.onvif !== undefined);
  const asked = await askDevices(devices, { say, refuse: (row, fields, error) => refusalOf(row, fields, error) });
  return {
    rows: [...rows.filter(({ fields }) => fields.onvif === undefined), ...asked.rows].sort((a, b) => a.row - b.row),
    refused: [...refused, ...asked.refused],
  };
}

function refusalOf(row: number, fields: Record<string, unknown>, error: FaultError): RowOutcome {
  const code = faultCodeOf(error);
  if (code === 'internal') throw error;
  const { field } = error.about;
  return {
    row,
    verdict: 'refused',
    ...(typeof fields.id === 'string' ? { camera: fields.id } : {}),
    ...(typeof field === 'string' ? { field } : {}),
    code,
    message: error.message,
    cure: error.cure,
  };
}

type Places = { env: NodeJS.ProcessEnv; folder: string };

/** One of three columns may hold it; the other two never reach the API. */
function withPassword(fields: Record<string, unknown>, { env, folder }: Places): Record<string, unknown> {
  const { passwordEnv, passwordFile, ...rest } = fields;
  const given = [rest.password, passwordEnv, passwordFile].filter((one) => one !== undefined && one !== null);
  if (given.length > 1) {
    throw new FaultError('invalid-value', 'only one of password, password_env and password_file may be filled', {
      about: { field: 'password' },
      cure: 'Empty the others.',
    });
  }
  if (typeof passwordEnv === 'string') return { ...rest, password: fromEnvironment(passwordEnv, env) };
  if (typeof passwordFile === 'string') return { ...rest, password: fromFile(resolve(folder, passwordFile)) };
  return rest;
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): string {
  const password = env[name];
  if (password !== undefined && password !== '') return password;
  throw new FaultError('invalid-value', `the environment has no variable "${name}"`, {
    about: { field: 'password_env' },
    cure: 'Set it for this command, or use password_file.',
  });
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new FaultError('file-missing', `the password file ${path} cannot be read`, {
      cause,
      about: { field: 'password_file' },
      cure: 'Correct the path: it counts from the folder of the sheet.',
    });
  }
}
