import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { duckdb } from './duckdb/engine.ts'
import { INVARIANTS } from './invariants.ts'
import { postgres } from './postgres/engine.ts'
import { scenariosOf } from './torture.ts'

test('reliability.md lists every scenario with its engines, and every invariant', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reliability.md'), 'utf8')
  const [onDuckdb, onPostgres] = [duckdb, postgres].map((engine) => scenariosOf(engine).map(({ name }) => name))
  const enginesOf = (name: string) => {
    if (onDuckdb?.includes(name) && onPostgres?.includes(name)) return 'both'
    return onDuckdb?.includes(name) ? 'DuckDB' : 'Postgres'
  }
  const scenarios = [...new Set([...(onDuckdb ?? []), ...(onPostgres ?? [])])]
  const told = [...page.matchAll(/^\| `([\w-]+)` \| (both|DuckDB|Postgres) \|/gm)].map(
    ([, name, engines]) => `${name} ${engines}`,
  )
  expect(told.sort()).toEqual(scenarios.map((name) => `${name} ${enginesOf(name)}`).sort())
  const invariants = [...page.matchAll(/^\| `([\w ]+)` \| [^|]+ \|$/gm)].map(([, name]) => name)
  expect(invariants).toEqual(Object.keys(INVARIANTS))
})
