import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Contestant, freshTargets, inTurns, timeProcess } from '../measure/processes.ts'
import { lineOf, peerLine, type SuiteResult } from '../measure/table.ts'
import { type Plan, planOfLastRun, planOfPlainTables, writePlan } from '../peers/plan.ts'
import { layersProject } from '../projects/layers.ts'
import { removeDatabase, writeProject } from '../projects/project-folder.ts'
import type { SuiteInput } from './suite.ts'

const LAYERS = 10
const CONNECTIONS = 4
const BEFORE = 'before.duckdb'
const SEND = fileURLToPath(new URL('../peers/send-statements.mjs', import.meta.url))
// Statements name the database, so that all of them are called alike.
const DATABASES = { lavra: 'shop.duckdb', bare: 'bare/shop.duckdb', plain: 'plain/shop.duckdb' } as const

/** Many small models: what a node costs beside its SQL. */
export function layersSuite({ folder, cli, quick }: SuiteInput): SuiteResult {
  const models = quick ? 100 : 1000
  const rounds = quick ? 2 : 5
  writeProject(folder, layersProject(models, LAYERS))
  const lavra: Contestant = { name: '`lavra run`', args: [cli, 'run', '--quiet'], cwd: folder }
  const plans = recordPlans(folder, lavra)
  const send = (name: string, plan: string, database: string): Contestant => ({
    name,
    args: [SEND, plan],
    cwd: folder,
    ...fresh(folder, database),
  })
  const first = inTurns(rounds, [
    {
      ...lavra,
      name: '`lavra run`, new database',
      prepare: () => removeDatabase(folder),
      freshArgs: freshTargets(),
    },
    send('bare script, same statements', plans.first, DATABASES.bare),
    send('plain `create table as`', plans.plain, DATABASES.plain),
  ])
  const again = inTurns(rounds, [
    { ...lavra, name: '`lavra run` again' },
    { ...send('bare script again', plans.again, DATABASES.bare), prepare: () => restore(folder, DATABASES.bare) },
    { ...send('plain `create or replace table as` again', plans.plain, DATABASES.plain), prepare: () => {} },
  ])
  return {
    key: 'a',
    title: `${models} small models in ${LAYERS} layers`,
    about: `Tables of 20 rows that read one to three of the layer above; ${CONNECTIONS} threads. Whole processes. The bare script sends exactly the statements of \`target/run\`, the publication in one transaction; the plain tables are made under their own names, with nothing to publish.`,
    lines: [first, again].flatMap(([own, bare, plain]) => [
      lineOf(own!),
      peerLine(bare!, own!, '≤ 1.5×'),
      peerLine(plain!, own!, '≤ 3.5×'),
    ]),
  }
}

/** Runs twice to see what is sent the first time and every other time, and makes the databases that the peers start from. */
function recordPlans(folder: string, lavra: Contestant) {
  const write = (name: string, plan: Plan) => writePlan(join(folder, `${name}.json`), plan)
  const run = () => timeProcess(lavra)
  for (const peer of ['bare', 'plain']) mkdirSync(join(folder, peer))
  const record = () => planOfLastRun(folder, DATABASES.bare, CONNECTIONS)
  run()
  const first = write('first', record())
  const plain = write('plain', planOfPlainTables(folder, DATABASES.plain, CONNECTIONS))
  // What the second run finds is what the bare script finds: its statements fit no other database.
  copyFileSync(join(folder, DATABASES.lavra), join(folder, BEFORE))
  run()
  return { first, plain, again: write('again', record()) }
}

function restore(folder: string, database: string): void {
  removeDatabase(folder, database)
  copyFileSync(join(folder, BEFORE), join(folder, database))
}

function fresh(folder: string, database: string): Pick<Contestant, 'prepare'> {
  return { prepare: () => removeDatabase(folder, database) }
}
