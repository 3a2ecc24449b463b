import { startPostgres } from '../../postgres/server.ts'
import type { RunningEngine, TortureEngine } from '../engine.ts'
import { createDatabase, postgresDatabase } from './server.ts'

/** A server of the harness's own, with databases for the scenarios. Whatever crashes is only this server. */
export interface RunningPostgres extends RunningEngine {
  /** Of the superuser, to the database `postgres`. */
  readonly url: URL
  /** The process id of the postmaster. */
  readonly pid: number
  makeName(): string
}

export const postgres: TortureEngine = {
  name: 'postgres',
  scenarios: [],
  start: startEngine,
}

async function startEngine(): Promise<RunningPostgres> {
  // What a COMMIT has confirmed must outlive a crash of the server, though not one of the machine.
  const server = await startPostgres({ settings: ['synchronous_commit=on'] })
  const url = new URL(server.url)
  let databases = 0
  const makeName = () => `shop_${++databases}`
  return {
    url,
    pid: server.pid,
    makeName,
    makeDatabase: async () => postgresDatabase(await createDatabase(url, makeName())),
    async stop() {
      // The server's handles keep no process alive; its end is worth waiting for.
      const awake = setInterval(() => {}, 1000)
      await server.stop()
      clearInterval(awake)
    },
  }
}
