import type { NodeImpact, Trace } from '../lineage/follow.ts'
import type { NodeColumnReference, NodeInfluence } from '../lineage/node-lineage.ts'
import { referenceKey } from '../lineage/reference-key.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** How nodes are called. */
export type Label = (id: UniqueId) => string

/** So many names of tests are still read. */
const FEW_TESTS = 8

/**
 * Where columns come from, as a tree for each column that was asked for, and below it what decides about the rows of the
 * nodes in it. What stands higher up in the tree already is not followed again.
 */
export function lineageText(trace: Trace, asked: readonly NodeColumnReference[], label: Label): string {
  const known = new Map(trace.columns.map((column) => [referenceKey(column), column]))
  const shown = new Set<string>()
  const lines: string[] = []
  const show = (reference: NodeColumnReference, lead: string, indent: string): void => {
    const key = referenceKey(reference)
    const column = known.get(key)
    const inputs = column?.inputs ?? []
    const isShown = shown.has(key) && inputs.length > 0
    const type = column?.type === undefined ? '' : `  ${column.type}`
    const note = isShown ? '  (as above)' : column?.isComputed && inputs.length === 0 ? '  (of no column)' : ''
    lines.push(`${indent}${lead}${nameOf(reference, label)}${type}${note}`)
    shown.add(key)
    if (!isShown) for (const input of inputs) show(input, `${input.how} from `, `${indent}  `)
  }
  for (const reference of asked) show(reference, '', '')
  const rows = trace.nodes.flatMap(({ node, rows: influences, unknown }) => [
    ...(unknown === undefined ? [] : [`  ${label(node)}: ${unknown}`]),
    ...(unknown !== undefined || influences.length === 0
      ? []
      : [`  ${label(node)}: ${influencesText(influences, label)}`]),
  ])
  return [...lines, ...(rows.length > 0 ? ['', 'Rows', ...rows] : []), ''].join('\n')
}

export function lineageJson(trace: Trace, asked: readonly NodeColumnReference[]): string {
  return `${JSON.stringify({ asked, ...trace }, null, 2)}\n`
}

/** What a change reaches, node by node; `readers` are exposures and data tests that read what is reached. */
export interface ImpactReport {
  readonly changed: NodeColumnReference
  readonly impacts: readonly NodeImpact[]
  readonly exposures: readonly string[]
  readonly tests: readonly string[]
}

export function impactText({ changed, impacts, exposures, tests }: ImpactReport, label: Label): string {
  if (impacts.length === 0)
    return `Nothing reads ${changed.column === undefined ? label(changed.node) : nameOf(changed, label)}.\n`
  const nodes = impacts.flatMap(({ node, columns, rows, rowsOf }) => [
    label(node),
    ...columns.map(({ name, how, through }) => `  ${name}  ${how} from ${namesOf(through, label)}`),
    ...(rows.length > 0 ? [`  rows  ${influencesText(rows, label)}`] : []),
    ...(rows.length === 0 && rowsOf.length > 0 ? [`  rows  of ${rowsOf.map(label).join(', ')}`] : []),
  ])
  const reached = impacts.reduce((sum, { columns }) => sum + columns.length, 0)
  const summary = `A change of ${nameOf(changed, label)} reaches ${count(reached, 'column')} and ${count(impacts.length, 'node')}.`
  return [
    ...nodes,
    ...(exposures.length > 0 ? ['exposures', ...exposures.map((name) => `  ${name}`)] : []),
    ...(tests.length > 0 ? testLines(tests) : []),
    '',
    summary,
    '',
  ].join('\n')
}

export function impactJson(report: ImpactReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

function testLines(tests: readonly string[]): readonly string[] {
  if (tests.length > FEW_TESTS) return [`${tests.length} data tests, named by --output json`]
  return ['data tests', ...tests.map((name) => `  ${name}`)]
}

/** By how they decide, and then by the columns for which they do. */
function influencesText(influences: readonly NodeInfluence[], label: Label): string {
  const kinds = ['filtered', 'joined', 'grouped', 'ordered'] as const
  return kinds
    .flatMap((how) => {
      const columns = influences.filter((influence) => influence.how === how)
      const byFor = Map.groupBy(columns, (influence) => influence.columns?.join(', ') ?? '')
      return [...byFor]
        .sort(([one], [other]) => Number(one !== '') - Number(other !== ''))
        .map(([names, some]) => `${how} by ${namesOf(some, label)}${names === '' ? '' : ` (for ${names})`}`)
    })
    .join('; ')
}

function namesOf(references: readonly NodeColumnReference[], label: Label): string {
  return references.map((reference) => nameOf(reference, label)).join(', ')
}

function nameOf({ node, column }: NodeColumnReference, label: Label): string {
  return column === undefined ? `all columns of ${label(node)}` : `${label(node)}.${column}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
