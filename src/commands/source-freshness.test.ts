import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { TemporaryProject } from '../test/temporary-project.ts'
import { main } from './main.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

/** Runs a command and gives its exit code and its lines without durations. */
async function lavra(...argv: readonly string[]) {
  const chunks: string[] = []
  const stdout = new Writable({
    write: (chunk, _, done) => {
      chunks.push(String(chunk))
      done()
    },
  })
  const exitCode = await main(argv, { cwd: project!.root, env: {}, stdout, stderr: stdout })
  return { exitCode, output: chunks.join('').replaceAll(/\d+\.\d\ds/g, '0.00s') }
}

function sourcesJson(path = 'target/sources.json') {
  return JSON.parse(readFileSync(join(project!.root, path), 'utf8'))
}

/** The project on which dbt 1.11.16 was asked; what it answered is in the tests below. */
const SOURCES = `
sources:
  - name: raw
    schema: main
    loaded_at_field: loaded_at
    freshness:
      warn_after: {count: 12, period: hour}
      error_after: {count: 2, period: day}
    tables:
      - name: fresh
      - name: stale
        freshness: {warn_after: {count: 1, period: hour}, filter: "id > 0"}
      - name: old
      - name: quiet
        freshness: null
      - name: nothing
        freshness: {error_after: null}
      - name: empty
      - name: missing
      - name: byquery
        loaded_at_query: "select max(loaded_at) from {{ this }}"
      - name: isdate
        loaded_at_field: "cast(loaded_at as date)"
  - name: raw2
    schema: main
    tables:
      - name: fresh
      - name: stale
        config: {freshness: {warn_after: {count: 1, period: minute}}}
`

const AGES = { fresh: 1, stale: 3, old: 72, quiet: 216, nothing: 96, byquery: 13, isdate: 1 }

async function makeProject(): Promise<void> {
  project = await TemporaryProject.make({ 'models/sources.yml': SOURCES, 'models/orders.sql': 'select 1 as order_id' })
  await project.run()
  const tables = Object.entries(AGES).map(
    ([name, hours]) =>
      `create table ${name} as select 1 as id, cast(now() at time zone 'UTC' as timestamp) - interval '${hours} hours' as loaded_at`,
  )
  await project.change([...tables, 'create table empty as select * from fresh where false'].join(';\n'))
}

const limit = (count: number, period: string) => ({ count, period })
const both = { warn_after: limit(12, 'hour'), error_after: limit(2, 'day'), filter: null }

test('the limits of a table are merged as in dbt', async () => {
  await makeProject()
  await lavra('parse')
  const manifest = JSON.parse(readFileSync(join(project!.root, 'target/manifest.json'), 'utf8'))
  const ofTable = (id: string) => manifest.sources[`source.shop.${id}`]
  expect(Object.fromEntries(Object.keys(AGES).map((name) => [name, ofTable(`raw.${name}`).freshness]))).toEqual({
    fresh: both,
    stale: { warn_after: limit(1, 'hour'), error_after: limit(2, 'day'), filter: 'id > 0' },
    old: both,
    quiet: null,
    nothing: { warn_after: limit(12, 'hour'), error_after: null, filter: null },
    byquery: both,
    isdate: both,
  })
  const none = { count: null, period: null }
  expect(ofTable('raw2.fresh').freshness).toEqual({ warn_after: none, error_after: none, filter: null })
  expect(ofTable('raw2.stale').config.freshness).toEqual({
    warn_after: limit(1, 'minute'),
    error_after: none,
    filter: null,
  })
  expect([ofTable('raw.byquery').loaded_at_field, ofTable('raw.byquery').loaded_at_query]).toEqual([
    'loaded_at',
    'select max(loaded_at) from {{ this }}',
  ])
})

test('sources are judged as dbt judges them, and told one by one', async () => {
  await makeProject()
  const { exitCode, output } = await lavra('source', 'freshness', '--single-threaded')
  expect(exitCode).toBe(1)
  expect(output.split('\n').filter((line) => line.includes(' of 9 ') || line.startsWith('Done'))).toEqual([
    '1 of 9 WARN  freshness of raw.byquery in 0.00s',
    '2 of 9 FAIL  freshness of raw.empty in 0.00s',
    '3 of 9 PASS  freshness of raw.fresh in 0.00s',
    '4 of 9 ERROR freshness of raw.isdate in 0.00s',
    '5 of 9 ERROR freshness of raw.missing in 0.00s',
    '6 of 9 WARN  freshness of raw.nothing in 0.00s',
    '7 of 9 FAIL  freshness of raw.old in 0.00s',
    '8 of 9 WARN  freshness of raw.stale in 0.00s',
    '9 of 9 ERROR freshness of raw2.stale in 0.00s',
    'Done. PASS=1 WARN=3 ERROR=5 SKIP=0 TOTAL=9',
  ])
  const { metadata, results } = sourcesJson()
  expect(metadata.dbt_schema_version).toBe('https://schemas.getdbt.com/dbt/sources/v3.json')
  type Result = { unique_id: string; status: string; max_loaded_at_time_ago_in_s?: number }
  const hours = ({ max_loaded_at_time_ago_in_s: age }: Result) =>
    age === undefined ? '' : ` ${Math.floor(age / 3600)}`
  expect(results.map((result: Result) => `${result.unique_id} ${result.status}${hours(result)}`)).toEqual([
    'source.shop.raw.byquery warn 13',
    `source.shop.raw.empty error ${hours(results[1]).trim()}`,
    'source.shop.raw.fresh pass 1',
    'source.shop.raw.isdate runtime error',
    'source.shop.raw.missing runtime error',
    'source.shop.raw.nothing warn 96',
    'source.shop.raw.old error 72',
    'source.shop.raw.stale warn 3',
    'source.shop.raw2.stale runtime error',
  ])
  expect(Object.keys(results[2])).toEqual([
    'unique_id',
    'max_loaded_at',
    'snapshotted_at',
    'max_loaded_at_time_ago_in_s',
    'status',
    'criteria',
    'adapter_response',
    'timing',
    'thread_id',
    'execution_time',
  ])
  expect(results[1]).toMatchObject({ max_loaded_at: '0001-01-01T00:00:00+00:00', criteria: both })
  expect(Object.keys(results[3])).toEqual(['unique_id', 'error', 'status'])
})

test('the age is in the message, at the table in its file', async () => {
  await makeProject()
  const { output } = await lavra('source', 'freshness', '--select', 'source:raw.old', 'source:raw.empty', '--quiet')
  expect(output).toContain(`  error[source-stale] models/sources.yml:13:15
    The newest row of "raw.old" was loaded 3 days ago; it may be 2 days old.`)
  expect(output).toContain('"raw.empty" has no rows; the newest may be 2 days old.')
})

test('a source that is a little old is no failure, unless warnings are errors', async () => {
  await makeProject()
  const stale = ['source', 'freshness', '--select', 'source:raw.stale', '--quiet', '-o', 'elsewhere.json'] as const
  expect((await lavra(...stale)).exitCode).toBe(0)
  expect(sourcesJson('elsewhere.json').results).toMatchObject([{ status: 'warn' }])
  expect((await lavra(...stale, '--warn-error')).exitCode).toBe(1)
  expect((await lavra('source', 'snapshot-freshness', '--select', 'source:raw.quiet')).output).toMatch(
    /^warning\[nothing-selected\]\n {2}No selected source says how old it may be\./,
  )
})

test('sources with newer rows than at an earlier look are selected, with what is below them', async () => {
  await makeProject()
  await project!.write({
    'models/fresh_orders.sql': `select * from {{ source('raw', 'fresh') }}`,
    'models/old_orders.sql': `select * from {{ source('raw', 'old') }}`,
  })
  await lavra('source', 'freshness', '--quiet', '--output', 'before/sources.json')
  await lavra('source', 'freshness', '--quiet')
  const fresher = ['ls', '--select', 'source_status:fresher+', '--state', 'before', '--output', 'name'] as const
  expect((await lavra(...fresher)).output).toMatch(/matches nothing/)
  await project!.change('insert into fresh select 2, loaded_at + interval 1 minute from fresh')
  await lavra('source', 'freshness', '--quiet')
  expect((await lavra(...fresher)).output).toBe('fresh_orders\nraw.fresh\n')
})

test('what cannot be asked says what to do', async () => {
  await makeProject()
  const { output } = await lavra('source', 'freshness', '--select', 'source:raw.isdate', 'source:raw2.stale', '--quiet')
  expect(output).toContain('hint: write cast(… as timestamp) in "loaded_at_field" or "loaded_at_query"')
  expect(output).toContain('hint: set "loaded_at_field" to a column or expression, or "loaded_at_query" to a query')
})

test('files as sources are asked, and mistakes in their settings are located', async () => {
  project = await TemporaryProject.make({
    'raw/a.csv': 'id,loaded_at\n1,2026-01-01 00:00:00\n',
    'models/sources.yml': `sources:
  - name: raw
    tables:
      - name: files
        external: { location: raw/*.csv, format: csv }
        loaded_at_field: loaded_at
        freshness: { error_after: { count: 1, period: day } }
`,
    'models/orders.sql': 'select 1 as order_id',
  })
  await project.run({}, ['model'])
  expect((await lavra('source', 'freshness')).exitCode).toBe(1)
  expect(sourcesJson().results).toMatchObject([{ max_loaded_at: '2026-01-01T00:00:00+00:00', status: 'error' }])
  await project.write({
    'models/sources.yml': `sources:
  - name: raw
    schema: main
    tables:
      - name: orders
        freshness: { error_after: { count: 1, period: days } }
`,
  })
  expect((await lavra('ls')).output).toBe(`error[wrong-value] models/sources.yml:6:55
  "period" must be one of minute, hour, day, not "days".

  5 |       - name: orders
  6 |         freshness: { error_after: { count: 1, period: days } }
    |                                                       ~~~~
  hint: did you mean "day"?
`)
})
