import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestPostgres, onServer } from '../postgres/database.ts'
import type { Stage } from './shell.ts'

/**
 * Where the page on Postgres plays: a database of the suite's server with a source, two roles that may log in as `hunter2`, and
 * a `psql` that is the superuser's and prints nothing.
 */
export async function onPostgresStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const database = await createTestPostgres()
  const suffix = database.name.slice('shop_'.length)
  const [etl, ana] = [`etl_${suffix}`, `ana_${suffix}`]
  const run = (sql: string) => onServer(database.url, async (client) => void (await client.query(sql)))
  await run(`create role ${etl} login password 'hunter2'; create role ${ana} login password 'hunter2';
    create schema raw; create table raw.payments as select 1 as order_id, 120.50 as amount`)
  try {
    await play({
      names: [
        ['db.example', database.url.hostname],
        ['5432', database.url.port],
        ['shop_data', database.name],
        ['shop_etl', etl],
        ['shop_ana', ana],
      ],
      programs: {
        psql: async ([flag = '', value = ''], folder) => {
          await run(flag === '--file' ? readFileSync(join(folder, value), 'utf8') : value)
          return ''
        },
      },
    })
  } finally {
    await database.remove()
    const server = new URL(database.url)
    server.pathname = '/postgres'
    await onServer(server, (client) => client.query(`drop role ${etl}; drop role ${ana}`))
  }
}
