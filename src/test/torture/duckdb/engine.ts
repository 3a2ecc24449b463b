import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Query, TortureDatabase, TortureEngine } from '../engine.ts'
import { fullDisk } from './full-disk.ts'
import { littleMemory } from './little-memory.ts'
import { lockFileLeft } from './lock-file-left.ts'

/** DuckDB: one file, one process that writes; nobody else may even read meanwhile, so that readers sit in the run's process. */
export const duckdb: TortureEngine = {
  name: 'duckdb',
  scenarios: [lockFileLeft, fullDisk, littleMemory],
  start: async () => ({
    makeDatabase: async (folder) => duckdbFile(join(folder, 'shop.duckdb')),
    stop: async () => {},
  }),
}

/** A database file. `settings` are those of the target, such as `memory_limit: 20MB`. */
export function duckdbFile(path: string, settings = ''): TortureDatabase {
  return {
    target: `type: duckdb, path: ${JSON.stringify(path)}${settings === '' ? '' : `, settings: { ${settings} }`}`,
    look: (work) => look(path, work),
    readerInside: (sql, seenPath) => ({ path, sql, seenPath }),
    remove: async () => {},
  }
}

async function look<Result>(path: string, work: (query: Query) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(path)
  try {
    const connection = await instance.connect()
    const result = await work(async (sql) => {
      const rows = (await connection.runAndReadAll(sql)).getRows()
      return rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    })
    connection.closeSync()
    return result
  } finally {
    instance.closeSync()
  }
}
