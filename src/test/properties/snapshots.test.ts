import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TemporaryProject } from '../temporary-project.ts'
import { checkProperty, PROPERTY_TIMEOUT } from './check-property.ts'
import { contentsOf, type RelationContents } from './contents.ts'
import { PROPERTY_ENGINES } from './property-engines.ts'

/**
 * Snapshots of a table that changes at will hold the history that a simple list of versions holds, and the intervals of
 * validity are whole: they do not overlap, and what is there has exactly one current version.
 */

const STRATEGIES = {
  timestamp: `strategy='timestamp', updated_at='changed_at'`,
  check: `strategy='check', check_cols=['city']`,
  check_all: `strategy='check', check_cols='all'`,
}
const DELETES = ['ignore', 'invalidate', 'new_record'] as const

type Strategy = keyof typeof STRATEGIES
type HardDeletes = (typeof DELETES)[number]

interface SnapshotCase {
  readonly name: string
  readonly strategy: Strategy
  readonly deletes: HardDeletes
}

const SNAPSHOTS: readonly SnapshotCase[] = (Object.keys(STRATEGIES) as Strategy[]).flatMap((strategy) =>
  DELETES.map((deletes) => ({ name: `${strategy}_${deletes}`, strategy, deletes })),
)

const snapshotFile = ({ name, strategy, deletes }: SnapshotCase) => `{% snapshot ${name} %}
{{ config(unique_key='id', ${STRATEGIES[strategy]}, hard_deletes='${deletes}') }}
select id, city {% if var('has_points') %}, points {% endif %} ${strategy === 'timestamp' ? ', changed_at' : ''}
from {{ source('raw', 'customers') }}
{% endsnapshot %}
`

const FILES = {
  'models/sources.yml': 'sources: [{ name: raw, schema: main, tables: [{ name: customers }] }]\n',
  ...Object.fromEntries(SNAPSHOTS.map((each) => [`snapshots/${each.name}.sql`, snapshotFile(each)])),
  'tests/the_run_is_good.sql': `select 1 as failing from (select count(*) from {{ ref('check_ignore') }}) as counted where {{ var('fails') }}`,
}

/** A customer on one day. A late change bears a time before everything that was seen. */
interface Customer {
  readonly city: string
  readonly points: number
  readonly isLate: boolean
}

interface Day {
  /** By id; null where there is no such customer. */
  readonly customers: readonly (Customer | null)[]
  readonly run: 'published' | 'failing' | 'full refresh'
}

const CUSTOMERS = 2
const customer: fc.Arbitrary<Customer> = fc.record({
  city: fc.constantFrom('Recife', 'Natal'),
  points: fc.nat(1),
  isLate: fc.constantFrom(false, false, false, true),
})
const day: fc.Arbitrary<Day> = fc.record({
  customers: fc.array(fc.option(customer, { freq: 2 }), { minLength: CUSTOMERS, maxLength: CUSTOMERS }),
  run: fc.constantFrom('published', 'published', 'published', 'failing', 'full refresh'),
})

test.each(PROPERTY_ENGINES)(
  'a snapshot holds the versions that there were, on $name',
  { timeout: PROPERTY_TIMEOUT },
  async (engine) => {
    const days = fc.array(day, { minLength: 2, maxLength: 5 })
    await checkProperty(
      fc.asyncProperty(days, fc.nat(5), async (history, pointsFrom) => {
        const project = await TemporaryProject.make(FILES, engine)
        try {
          const expected = await liveThrough(project, history, pointsFrom)
          const contents = await contentsOf(project)
          for (const [name, versions] of expected) {
            const actual = recordedVersions(contents.get(name))
            expectSameHistory(name, actual, versions)
            expectWholeIntervals(actual)
          }
        } finally {
          await project.remove()
        }
      }),
      8,
    )
  },
)

/** Runs the snapshots on every day; returns the versions of each that there must be. */
async function liveThrough(
  project: TemporaryProject,
  history: readonly Day[],
  pointsFrom: number,
): Promise<ReadonlyMap<string, readonly Version[]>> {
  await project.change(`create schema if not exists main;
create table main.customers (id integer, city varchar, points integer, changed_at timestamp)`)
  const expected = new Map<string, readonly Version[]>()
  const editTimes: string[] = []
  for (const [number, { run }] of history.entries()) {
    editTimes.push(new Date().toISOString())
    const rows = customersOn(history, number)
    const hasPoints = number >= pointsFrom
    await replaceCustomers(project, rows, editTimes)
    const vars = `{fails: ${run === 'failing'}, has_points: ${hasPoints}}`
    await project.run({ vars, fullRefresh: run === 'full refresh' })
    if (run === 'failing') continue
    for (const each of SNAPSHOTS) {
      const before = expected.get(each.name)
      expected.set(each.name, versionsAfter(each, before, { rows, now: runOf(number), hasPoints }))
    }
  }
  return expected
}

/** Moments by number, in their order: the table is edited, then the run starts, then the next day comes. */
type Moment = number
const LONG_AGO: Moment = -1
const editOf = (dayNumber: number): Moment => 2 * dayNumber
const runOf = (dayNumber: number): Moment => 2 * dayNumber + 1

interface CustomerRow {
  readonly id: number
  readonly city: string
  readonly points: number
  readonly changedAt: Moment
}

/** Who is there on a day, and since when as they are. Who comes back was changed when they came. */
function customersOn(history: readonly Day[], number: number): readonly CustomerRow[] {
  return Array.from({ length: CUSTOMERS }, (_, id) => id).flatMap((id) => {
    let row: CustomerRow | undefined
    let wasAway = false
    for (const [index, { customers }] of history.slice(0, number + 1).entries()) {
      const now = customers[id] ?? undefined
      wasAway ||= now === undefined
      if (now === undefined) row = undefined
      else if (row === undefined || row.city !== now.city || row.points !== now.points) {
        const isLate = now.isLate && row !== undefined && !wasAway
        row = { id, city: now.city, points: now.points, changedAt: isLate ? LONG_AGO : editOf(index) }
      }
    }
    return row ?? []
  })
}

async function replaceCustomers(
  project: TemporaryProject,
  rows: readonly CustomerRow[],
  editTimes: readonly string[],
): Promise<void> {
  const inserts = rows.map(({ id, city, points, changedAt }) => {
    const time = changedAt === LONG_AGO ? '2020-01-01 00:00:00' : sqlTime(editTimes[changedAt / 2] ?? '')
    return `insert into main.customers values (${id}, '${city}', ${points}, timestamp '${time}')`
  })
  await project.change(['delete from main.customers', ...inserts].join(';\n'))
}

function sqlTime(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '')
}

/** A version of a customer as it must stand in the snapshot. */
interface Version {
  readonly id: number
  readonly city: string
  readonly points: number | null
  readonly isDeleted: boolean
  readonly from: Moment
  readonly to: Moment | null
}

/** One run of a snapshot, as its documentation has it. `before` is undefined at the first run. */
function versionsAfter(
  { strategy, deletes }: SnapshotCase,
  before: readonly Version[] | undefined,
  today: { readonly rows: readonly CustomerRow[]; readonly now: Moment; readonly hasPoints: boolean },
): readonly Version[] {
  const { rows, now, hasPoints } = today
  const comparesPoints = strategy === 'check_all' && hasPoints
  const after = [...(before ?? [])]
  const end = (version: Version, to: Moment) => {
    after[after.indexOf(version)] = { ...version, to }
  }
  const currentOf = (id: number) => after.find((version) => version.id === id && version.to === null)
  for (const { id, city, points, changedAt } of rows) {
    const from = strategy === 'timestamp' ? changedAt : now
    const current = currentOf(id)
    if (current) {
      const isOther = current.city !== city || (comparesPoints && current.points !== points)
      const isChanged = strategy === 'timestamp' ? current.from < changedAt : isOther
      if (!isChanged && !current.isDeleted) continue
      end(current, from)
    }
    after.push({ id, city, points: hasPoints ? points : null, isDeleted: false, from, to: null })
  }
  for (const current of after.filter((version) => version.to === null && !version.isDeleted)) {
    if (deletes === 'ignore' || rows.some(({ id }) => id === current.id)) continue
    end(current, now)
    if (deletes === 'new_record') after.push({ ...current, isDeleted: true, from: now })
  }
  return after
}

/** A version as the snapshot has it. */
interface RecordedVersion {
  readonly id: number
  readonly value: string
  readonly from: string
  readonly to: string | null
  readonly scdId: string
}

function recordedVersions(contents: RelationContents | undefined): readonly RecordedVersion[] {
  const names = contents?.columns.map((column) => column.split(' ')[0]) ?? []
  const versions = contents?.rows.map((row): RecordedVersion => {
    const cells = row.split(' | ')
    const cell = (name: string) => cells[names.indexOf(name)] ?? 'null'
    const isDeleted = cell('dbt_is_deleted') === 'True'
    return {
      id: Number(cell('id')),
      value: `${cell('city')} ${cell('points')}${isDeleted ? ' deleted' : ''}`,
      from: cell('dbt_valid_from'),
      to: cell('dbt_valid_to') === 'null' ? null : cell('dbt_valid_to'),
      scdId: cell('dbt_scd_id'),
    }
  })
  return (versions ?? []).toSorted((a, b) => a.id - b.id || compareText(a.from, b.from))
}

function expectSameHistory(name: string, actual: readonly RecordedVersion[], versions: readonly Version[]): void {
  const expected = versions.toSorted((a, b) => a.id - b.id || a.from - b.from)
  const current = (to: unknown) => (to === null ? ' current' : '')
  const described = expected.map(
    ({ id, city, points, isDeleted, to }) => `${id} ${city} ${points}${isDeleted ? ' deleted' : ''}${current(to)}`,
  )
  expect(
    actual.map(({ id, value, to }) => `${id} ${value}${current(to)}`),
    name,
  ).toEqual(described)
  // One moment is one time, and later moments are later times.
  const times = new Map<Moment, string>()
  for (const [index, { from, to }] of expected.entries()) {
    const recorded = actual[index]
    for (const [moment, time] of [
      [from, recorded?.from],
      [to, recorded?.to],
    ] as const) {
      if (moment !== null) expect(times.set(moment, times.get(moment) ?? String(time)).get(moment)).toBe(time)
    }
  }
  const inOrder = [...times].toSorted(([a], [b]) => a - b).map(([, time]) => time)
  expect(inOrder).toEqual([...new Set(inOrder)].sort())
}

function expectWholeIntervals(actual: readonly RecordedVersion[]): void {
  for (const [index, version] of actual.entries()) {
    const next = actual[index + 1]
    if (version.to !== null) expect(compareText(version.from, version.to)).toBe(-1)
    if (next?.id !== version.id) continue
    expect(version.to).not.toBeNull()
    expect(compareText(version.to ?? '', next.from)).not.toBe(1)
  }
  expect(new Set(actual.map(({ scdId }) => scdId)).size).toBe(actual.length)
}

function compareText(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}
