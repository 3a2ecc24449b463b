import type { ColumnInfo } from '../adapters/adapter.ts'
import { findColumn, panelColumns, type ShownColumn } from '../compile/panel-columns.ts'
import type { RowsQuery } from '../compile/rows-query.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Exposure, Model, RunnableNode, Seed, Snapshot } from '../manifest/nodes.ts'
import type { LocalText, Panel } from '../manifest/panel.ts'
import { sameText } from '../manifest/panel.ts'
import { type ClassOfColumn, maskedClass } from '../manifest/personal-data.ts'
import type { Relation } from '../sql/relation.ts'
import type { PublishedRelation } from '../state/rows.ts'

/** A panel over one published relation; or that relation by itself, as a table of all its columns. */
export interface View {
  /** The panel's; where it shows a relation for each value, that of the relation. */
  readonly name: string
  /** Absent for a relation by itself. */
  readonly title?: LocalText
  readonly panel: ViewPanel
  readonly node: ReportedNode
  readonly relation: Relation
  readonly exposure?: Exposure
}

/** What a view shows, and how. */
export type ViewPanel = Omit<Panel, 'place' | 'modelPlace' | 'model'>
export type ReportedNode = Model | Seed | Snapshot

/** What was published for nodes, and where. */
export interface PublishedState {
  readonly database: string
  statesOfNode(nodeId: string): readonly PublishedRelation[]
}

export function publishedState(database: string, states: readonly PublishedRelation[]): PublishedState {
  return { database, statesOfNode: (id) => states.filter(({ nodeId }) => nodeId === id) }
}

/** The views of a dashboard, in the order of its panels: one a panel, or one for each published relation of its node. */
export function dashboardViews(manifest: Manifest, exposure: Exposure, state: PublishedState): readonly View[] {
  return exposure.panels.flatMap((panel) => {
    const node = reportedNode(manifest.nodes.get(panel.model))
    if (!node) return []
    const view = { name: panel.name, title: panel.title, panel, node, exposure }
    if (node.relation) return [{ ...view, relation: node.relation }]
    return valueRelations(node, state).map(({ relation, value }) => ({
      ...view,
      name: relation.identifier,
      title: { en: panel.title.en.replaceAll('{value}', value), pt: panel.title.pt.replaceAll('{value}', value) },
      relation,
    }))
  })
}

/** A relation by itself, in the order of `orderBy`. */
export function relationView(node: ReportedNode, relation: Relation, orderBy: readonly string[]): View {
  const { identifier } = relation
  const panel: ViewPanel = {
    name: identifier,
    title: sameText(identifier),
    kind: 'table',
    columns: [],
    y: [],
    filters: [],
    orderBy: orderBy.map((name) => ({ name, place: node.place, isDescending: false })),
    isExported: true,
  }
  return { name: identifier, panel, node, relation }
}

/** The published relations of a node with a relation per value, by name, each with what its name says of the value. */
export function valueRelations(
  { id, config }: Pick<RunnableNode, 'id' | 'config'>,
  { database, statesOfNode }: PublishedState,
): readonly { readonly relation: Relation; readonly value: string }[] {
  const [before = '', after = ''] = (config.per_value?.name ?? '').split(/\{\{[\s\S]*\}\}/)
  const states = [...statesOfNode(id)].sort((a, b) => (a.identifier < b.identifier ? -1 : 1))
  return states.map(({ schema, identifier }) => ({
    relation: { database, schema, identifier },
    value: withoutEnds(identifier, before.toLowerCase(), after.toLowerCase()),
  }))
}

function withoutEnds(text: string, before: string, after: string): string {
  const start = text.toLowerCase().startsWith(before) ? before.length : 0
  const end = after !== '' && text.toLowerCase().endsWith(after) ? text.length - after.length : text.length
  return start < end ? text.slice(start, end) : text
}

/** What can be reported of nodes: tests and ephemeral models have no rows of their own. */
export function reportedNode(node: RunnableNode | undefined): ReportedNode | undefined {
  if (!node || node.kind === 'test') return undefined
  return node.relation || node.config.per_value ? node : undefined
}

/** The columns of a view, and its query before readers have chosen anything. */
export interface PreparedView {
  readonly view: View
  readonly columns: readonly ShownColumn[]
  readonly query: RowsQuery
}

/** `columns` are those of the view's relation as they stand in the database. */
export function prepareView(view: View, columns: readonly ColumnInfo[], classOf: ClassOfColumn): PreparedView {
  const { panel, node, relation, exposure, title } = view
  const maskedIn = (name: string) => maskedClass(exposure ?? {}, classOf(node.id, name), name)
  // Whoever asks for a relation by itself knows it by the names of its columns.
  const properties = title === undefined ? [] : node.columns
  const prepared = panelColumns(panel, columns, properties, maskedIn)
  const masked = columns.flatMap(({ name }) => {
    const personalClass = maskedIn(name)
    return personalClass === undefined ? [] : [[name, personalClass] as const]
  })
  return {
    view,
    columns: prepared,
    query: {
      relation,
      columns,
      masked: new Map(masked),
      shown: prepared.map(({ name }) => name),
      ...(panel.where ? { where: panel.where.sql } : {}),
      orderBy: panel.orderBy.flatMap(({ name, isDescending }) => {
        const column = findColumn(columns, name)
        return column ? [{ name: column.name, isDescending }] : []
      }),
      ...(panel.limit === undefined ? {} : { limit: panel.limit }),
    },
  }
}
