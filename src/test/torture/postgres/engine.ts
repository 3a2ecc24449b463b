import { type ServerUser, serverUser, startPostgres } from '../../postgres/server.ts'
import type { RunningEngine, TortureEngine } from '../engine.ts'
import { fullDisk } from './full-disk.ts'
import { inPlace } from './in-place.ts'
import { lostCommit } from './lost-commit.ts'
import { orphans } from './orphans.ts'
import { createDatabase, postgresDatabase } from './server.ts'
import { serverCrash } from './server-crash.ts'
import { terminatedBackends } from './terminated-backends.ts'
import { twoTargets } from './two-targets.ts'

/** A server of the harness's own, with databases for the scenarios. Whatever crashes is only this server. */
export interface RunningPostgres extends RunningEngine {
  /** Of the superuser, to the database `postgres`. */
  readonly url: URL
  /** The process id of the postmaster. */
  readonly pid: number
  makeName(): string
  /** Where its data is. */
  readonly folder: string
  /** Whom it runs as, where that is not this user. */
  readonly owner: ServerUser | undefined
}

export const postgres: TortureEngine = {
  name: 'postgres',
  scenarios: [twoTargets, terminatedBackends, lostCommit, serverCrash, orphans, inPlace, fullDisk],
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
    folder: server.folder,
    owner: serverUser(),
    makeDatabase: async () => postgresDatabase(await createDatabase(url, makeName())),
    async stop() {
      // The server's handles keep no process alive; its end is worth waiting for.
      const awake = setInterval(() => {}, 1000)
      await server.stop()
      clearInterval(awake)
    },
  }
}
