// `npm run torture -- --engine duckdb --kills 1000 --seed 42 [--scenario name] [--turn number]`
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { duckdb } from './duckdb/engine.ts'
import type { TortureEngine } from './engine.ts'
import { INVARIANTS } from './invariants.ts'
import { postgres } from './postgres/engine.ts'
import { printTable } from './print-table.ts'
import { scenariosOf, torture } from './torture.ts'

const ENGINES: readonly TortureEngine[] = [duckdb, postgres]

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'duckdb' },
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    scenario: { type: 'string' },
    turn: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
})

const IN_NAMESPACE = 'LAVRA_TORTURE_NAMESPACE'
/** Only root may mount; elsewhere a user namespace makes one root, as whom a Postgres server does not run. */
const NAMESPACE = process.getuid?.() === 0 ? '-m' : '-rm'

if (values.list) list()
else if (process.env[IN_NAMESPACE] === undefined && canHaveNamespace()) startInNamespace()
else await run()

function list(): void {
  for (const engine of ENGINES) {
    for (const { name, about } of scenariosOf(engine)) console.log(`${engine.name}  ${name}: ${about}`)
  }
  for (const [name, about] of Object.entries(INVARIANTS)) console.log(`invariant ${name}: ${about}`)
}

function canHaveNamespace(): boolean {
  if (NAMESPACE === '-rm' && values.engine !== 'duckdb') return false
  return spawnSync('unshare', [NAMESPACE, 'true']).status === 0
}

/** What is mounted for a scenario goes away with the harness, however that ends. */
function startInNamespace(): void {
  const { status, error } = spawnSync(
    'unshare',
    [NAMESPACE, process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, [IN_NAMESPACE]: '1' } },
  )
  if (error) throw error
  process.exitCode = status ?? 1
}

async function run(): Promise<void> {
  const engine = ENGINES.find(({ name }) => name === values.engine)
  if (!engine) throw new Error(`There is no engine "${values.engine}".`)
  const seed = Number(values.seed)
  console.log(`${engine.name}, seed ${seed}`)
  const reports = await torture({
    engine,
    kills: Number(values.kills),
    seed,
    tell: (line) => console.log(line),
    ...(values.scenario === undefined ? {} : { scenario: values.scenario }),
    ...(values.turn === undefined ? {} : { turn: Number(values.turn) }),
  })
  console.log(`\n${printTable(reports)}`)
  if (reports.length === 0 || reports.some(({ violation }) => violation !== undefined)) process.exitCode = 1
}
