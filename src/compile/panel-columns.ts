import type { ColumnProperties } from '../manifest/nodes.ts'
import { type ColumnFormat, type LocalText, OTHER_COLUMNS, type Panel, sameText } from '../manifest/panel.ts'
import type { ColumnDefinition } from '../sql/column-definition.ts'
import { type ColumnKind, columnKind } from '../sql/column-kind.ts'
import { isSameName } from '../text/names.ts'
import { isJsonObject } from '../util/json.ts'

/** A column of a relation as a report shows it. */
export interface ShownColumn {
  /** As the relation has it. */
  readonly name: string
  readonly type: string
  readonly kind: ColumnKind
  readonly label: LocalText
  readonly format: ColumnFormat
  /** Not shown: only chosen by. */
  readonly isHidden: boolean
  /** The class of personal data that is masked in it. What is shown is text then. */
  readonly masked?: string
}

/**
 * The columns that a panel needs of a relation: those of its axes, then those that it lists, then, hidden, those of its
 * filters. What the relation does not have is left out: flows of a chatbot do not ask the same questions.
 */
export function panelColumns(
  panel: Pick<Panel, 'columns' | 'x' | 'y' | 'series' | 'filters'>,
  relation: readonly ColumnDefinition[],
  properties: readonly ColumnProperties[],
  maskedClassOf: (column: string) => string | undefined,
): readonly ShownColumn[] {
  const written = new Map(panel.columns.map((column) => [column.name.toLowerCase(), column]))
  const axes = [panel.x ?? [], panel.series ?? [], panel.y].flat()
  const named = [...axes, ...panel.columns].map(({ name }) => name)
  const chosenBy = panel.filters.flatMap(({ name, shownAs }) => [name, ...(shownAs ? [shownAs.name] : [])])
  const names = named.length === 0 ? [OTHER_COLUMNS] : named
  const others = relation.filter(({ name }) => !named.some((each) => isSameName(each, name))).map(({ name }) => name)
  const listed = names.flatMap((name) => (name === OTHER_COLUMNS ? others : [name]))
  const find = (column: string) => findColumn(relation, column) ?? []
  const shown = new Set(listed.flatMap(find))
  return [...new Set([...shown, ...chosenBy.flatMap(find)])].map((column) => {
    const { name, type } = column
    const masked = maskedClassOf(name)
    const kind = masked === undefined ? columnKind(type) : 'text'
    const own = written.get(name.toLowerCase())
    return {
      name,
      type,
      kind,
      label: own?.label ?? modelLabel(properties, name) ?? sameText(name),
      isHidden: !shown.has(column),
      format: masked === undefined ? (own?.format ?? defaultFormat(kind)) : { kind: 'text' },
      ...(masked === undefined ? {} : { masked }),
    }
  })
}

/** The column of a relation that a name means: the very same, or one that differs by case. */
export function findColumn<Column extends { readonly name: string }>(
  columns: readonly Column[],
  name: string,
): Column | undefined {
  return columns.find((column) => column.name === name) ?? columns.find((column) => isSameName(column.name, name))
}

/** How a column is written for people of which nobody says it. Whole numbers are often keys, which have no thousands. */
function defaultFormat(kind: ColumnKind): ColumnFormat {
  switch (kind) {
    case 'decimal':
    case 'float':
      return { kind: 'number' }
    case 'date':
      return { kind: 'date' }
    case 'timestamp':
      return { kind: 'datetime' }
    default:
      return { kind: 'text' }
  }
}

/** `meta.label` of the model's own column. */
function modelLabel(properties: readonly ColumnProperties[], name: string): LocalText | undefined {
  const label = findColumn(properties, name)?.meta.label
  if (typeof label === 'string') return sameText(label)
  if (!isJsonObject(label)) return undefined
  const texts = [label.en, label.pt].filter((text) => typeof text === 'string')
  const [any] = texts
  if (any === undefined) return undefined
  return { en: typeof label.en === 'string' ? label.en : any, pt: typeof label.pt === 'string' ? label.pt : any }
}
