import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../src/test/postgres/server.ts'
import { type Contestant, inTurns, timeProcess } from '../measure/processes.ts'
import { lineOf, peerLine, type SuiteResult } from '../measure/table.ts'
import { SEED_COLUMNS, writeSeed } from '../projects/big-seed.ts'
import { postgresProfiles } from '../projects/project-folder.ts'
import type { SuiteInput } from './suite.ts'

/** A server as people run it: what it says that it has, it has on disk. */
const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on']

/** A large seed into Postgres, beside the client that does nothing else. */
export async function copySuite({ folder, cli, quick }: SuiteInput): Promise<SuiteResult> {
  const rows = quick ? 100_000 : 1_000_000
  const rounds = quick ? 2 : 5
  const psql = findPsql()
  const server = await startPostgres({ settings: DURABLE })
  try {
    const seed = join(folder, 'shop', 'seeds', 'orders.csv')
    writeShop(join(folder, 'shop'), new URL(server.url))
    writeSeed(seed, rows)
    const send = (...commands: readonly string[]): Contestant => ({
      name: 'psql: `create table` and `\\copy`',
      program: psql,
      args: [server.url, '-q', '-v', 'ON_ERROR_STOP=1', ...commands.flatMap((command) => ['-c', command])],
    })
    const lavra: Contestant = { name: '`lavra seed`', args: [cli, 'seed', '--quiet'], cwd: join(folder, 'shop') }
    timeProcess(lavra)
    const [own, peer] = inTurns(rounds, [
      { ...lavra, prepare: () => void timeProcess(send('checkpoint')) },
      {
        ...send(`create table orders (${SEED_COLUMNS})`, `\\copy orders from '${seed}' with (format csv, header)`),
        prepare: () =>
          void timeProcess(send('set client_min_messages = error', 'drop table if exists orders', 'checkpoint')),
      },
    ])
    return {
      key: 'e',
      title: `A seed of ${rows.toLocaleString('en-US')} rows into Postgres`,
      about:
        'Whole processes, one file of six columns and some 60 bytes a row; Postgres 18 on the same machine with its durable settings. `lavra seed` also finds the types and looks for mistakes, takes the lease, replaces the published table and records the run.',
      lines: [lineOf(own!), peerLine(peer!, own!, '≤ 1.25×')],
    }
  } finally {
    await server.stop()
  }
}

function findPsql(): string {
  const { status } = spawnSync('psql', ['--version'], { stdio: 'ignore' })
  if (status !== 0) throw new Error('Measurement "e" needs the program psql (Debian and Ubuntu: postgresql-client).')
  return 'psql'
}

function writeShop(folder: string, url: URL): void {
  mkdirSync(join(folder, 'seeds'), { recursive: true })
  writeFileSync(join(folder, 'project.yml'), `name: shop\nversion: '1.0'\nprofile: shop\n`)
  writeFileSync(join(folder, 'profiles.yml'), postgresProfiles(url))
}
