import { expect } from 'vitest'
import type { Flags } from '../../commands/flags.ts'
import type { RunEvent } from '../../events/events.ts'
import type { TemporaryProject } from '../temporary-project.ts'
import { contentsOf } from './contents.ts'
import type { ExpectedShop } from './expected-shop.ts'
import { modelName, type Shop } from './shop.ts'

/** The models to select, as flags and as what they select; none selects everything. Tests come along with any of theirs. */
export function selectionOf(shop: Shop, select: readonly number[]) {
  const all = shop.models.flatMap((model, number) => (model ? [number] : []))
  const models = new Set(select.length === 0 ? all : all.filter((number) => select.includes(number)))
  const tests = new Set(
    shop.tests.flatMap(({ parents }, index) => (parents.some((parent) => models.has(parent)) ? [index] : [])),
  )
  const flags: Flags = select.length === 0 ? {} : { select: [...models].map(modelName) }
  return { models, tests, flags }
}

/** The run and the names that it says it published. */
export function publicationOf(events: readonly RunEvent[]) {
  const runId = events.flatMap((event) => (event.kind === 'run-started' ? [event.run.runId] : [])).at(-1) ?? ''
  const published = events.flatMap((event) => (event.kind === 'published' ? event.relations : []))
  return { runId, published: published.toSorted() }
}

/**
 * What stands is what is expected: kinds and rows as a reader sees them, runs and counts as the state has them, and beside
 * them nothing but the versions that are kept. `runIds` holds the runs by their number, from 1.
 */
export async function expectVisible(
  project: TemporaryProject,
  expected: ExpectedShop,
  runIds: readonly string[],
): Promise<void> {
  const contents = [...(await contentsOf(project))]
  const tables = await project.query(
    `select table_name, table_type from information_schema.tables where table_schema = 'main'`,
  )
  const isView = new Map(tables.map(([name, type]) => [name, type === 'VIEW']))
  const state = await project.query('select identifier, kind, run_id, row_count from _lavra.relations')
  const kept = await project.query('select retained_as from _lavra.versions where retained_as is not null')
  const isOurs = (name: string) => name.includes('__lavra_')
  const actual = {
    relations: byName(
      contents
        .filter(([name]) => !isOurs(name))
        .map(([name, { rows }]) => [name, isView.get(name) ? 'view' : 'table', rows]),
    ),
    state: byName(
      state.map(([name, kind, run, rows]) => [String(name), kind, run, rows === null ? null : Number(rows)]),
    ),
    others: byName(contents.filter(([name]) => isOurs(name)).map(([name]) => [name])),
    begun: await project.query('select mark from _lavra.candidates'),
  }
  const visible = [...expected.visible()]
  expect(actual).toEqual({
    relations: byName(visible.map(([name, { kind, rows }]) => [name, kind, rows.map(asText)])),
    state: byName(
      visible.map(([name, { kind, run, rows }]) => [name, kind, runIds[run - 1], kind === 'view' ? null : rows.length]),
    ),
    others: byName(kept.map(([name]) => [String(name)])),
    begun: [],
  })
}

type Row = readonly [name: string, ...unknown[]]

/** A row of the expected shop as a reader has it: the models' first column is always 1. */
function asText(row: string): string {
  return `1 | ${row.replace(' ', ' | ')}`
}

function byName(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1))
}
