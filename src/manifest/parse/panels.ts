import { childOf, entriesOf, type LocatedValue } from '../../config/located-value.ts'
import {
  boolean,
  choice,
  count,
  either,
  listOf,
  listOrOne,
  object,
  type Shape,
  type Shaped,
  text,
} from '../../config/shape.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { isJsonObject } from '../../util/json.ts'
import {
  type ColumnFormat,
  FORMAT_KINDS,
  type LocalText,
  type NamedColumn,
  PANEL_KINDS,
  type Panel,
  type PanelColumn,
  type PanelFilter,
  type PanelOrder,
  type PersonalDataAllowance,
  sameText,
} from '../panel.ts'

/** A panel as it was written: its model is a call yet. */
export interface WrittenPanel extends Omit<Panel, 'model' | 'modelPlace'> {
  readonly model: LocatedValue
}

/** What the `meta` of an exposure says of panels and of personal data. */
export interface WrittenPanels {
  readonly panels: readonly WrittenPanel[]
  readonly allowance?: PersonalDataAllowance
}

/**
 * Reads `panels` and `pii` of an exposure's `meta`. They stand there, and not beside `type`, because dbt knows no other keys
 * of an exposure than its own: in `meta` it takes them, and hands them on in the manifest. Adds the problems that they have.
 */
export function readPanels(meta: LocatedValue | undefined, problems: Diagnostic[]): WrittenPanels {
  const written = meta && childOf(meta, 'panels')
  const pii = meta && childOf(meta, 'pii')
  const panels = written ? (listOf(panel)(written, problems) ?? []).map((each) => panelOf(each, problems)) : []
  problems.push(...duplicates(panels))
  const allowance = pii && allowanceOf(pii, problems)
  return { panels, ...(allowance ? { allowance } : {}) }
}

const languages = object('a text by language', {}, { en: text, pt: text })

const localText: Shape<LocalText> = (at, problems) => {
  if (!isJsonObject(at.value)) {
    const same = text(at, problems)
    return same === undefined ? undefined : sameText(same)
  }
  const { en, pt } = languages(at, problems) ?? {}
  const any = en ?? pt
  return any === undefined ? undefined : { en: en ?? any, pt: pt ?? any }
}

const columnMap = object(
  'a column of a panel',
  { name: text },
  { label: localText, format: choice(...FORMAT_KINDS), currency: text, decimals: count },
)

/** A column by its name alone, or by a map that says more. */
const column: Shape<PanelColumn> = (at, problems) => {
  if (!isJsonObject(at.value)) return named(at, problems)
  const written = columnMap(at, problems)
  if (!written) return undefined
  const format = formatOf(written, problems)
  const formatAt = childOf(at, 'format')
  return {
    name: written.name,
    place: at.child('name').place,
    ...(written.label ? { label: written.label } : {}),
    ...(format ? { format } : {}),
    ...(formatAt ? { formatPlace: formatAt.place } : {}),
  }
}

const named: Shape<NamedColumn> = (at, problems) => {
  const name = text(at, problems)
  return name === undefined ? undefined : { name, place: at.place }
}

const filterMap = object(
  'a filter of a panel',
  { column: text },
  {
    kind: choice('select', 'search', 'date_range'),
    label: localText,
    required: boolean,
    shown_as: named,
  },
)

const filter: Shape<PanelFilter> = (at, problems) => {
  if (!isJsonObject(at.value)) {
    const column = named(at, problems)
    return column && { ...column, kind: 'select', isRequired: false }
  }
  const written = filterMap(at, problems)
  if (!written) return undefined
  return {
    name: written.column,
    place: at.child('column').place,
    kind: written.kind ?? 'select',
    isRequired: written.required ?? false,
    ...(written.label ? { label: written.label } : {}),
    ...(written.shown_as ? { shownAs: written.shown_as } : {}),
  }
}

/** `amount` or `amount desc`. */
const order: Shape<PanelOrder> = (at, problems) => {
  const written = text(at, problems)
  if (written === undefined) return undefined
  const [, name = '', direction] = /^(.*?)(?:\s+(asc|desc))?$/i.exec(written.trim()) ?? []
  return { name, place: at.place, isDescending: direction?.toLowerCase() === 'desc' }
}

const panel = object(
  'a panel',
  { name: text, type: choice(...PANEL_KINDS), model: text },
  {
    title: localText,
    columns: listOf(column),
    x: named,
    y: listOrOne(named),
    series: named,
    filter: listOrOne(filter),
    where: text,
    order_by: listOrOne(order),
    limit: count,
    export: boolean,
  },
)

type PanelMap = Shaped<typeof panel>

function panelOf(written: PanelMap, problems: Diagnostic[]): WrittenPanel {
  const { at, name, type, x, series, where, limit } = written
  problems.push(...chartProblems(written), ...filterProblems(written))
  return {
    name,
    place: at.child('name').place,
    title: written.title ?? sameText(name),
    kind: type,
    model: at.child('model'),
    columns: written.columns ?? [],
    ...(x ? { x } : {}),
    y: written.y ?? [],
    ...(series ? { series } : {}),
    filters: written.filter ?? [],
    ...(where === undefined ? {} : { where: { sql: where, place: at.child('where').place } }),
    orderBy: written.order_by ?? [],
    ...(limit === undefined ? {} : { limit }),
    isExported: written.export ?? false,
  }
}

function formatOf(written: Shaped<typeof columnMap>, problems: Diagnostic[]): ColumnFormat | undefined {
  const { at, format: kind, currency, decimals } = written
  if (currency !== undefined && kind !== 'money') {
    problems.push(panelSetting(at.child('currency'), 'A currency belongs to the format money', 'write format: money'))
  }
  if (decimals !== undefined && kind !== 'money' && kind !== 'number' && kind !== 'percent') {
    problems.push(panelSetting(at.child('decimals'), 'Decimals belong to the formats number, money and percent'))
  }
  if (kind === undefined) return undefined
  if (kind === 'money' && currency === undefined) {
    problems.push(
      panelSetting(at.child('format'), 'Money has a currency', 'give its code beside it, such as currency: BRL'),
    )
  } else if (currency !== undefined && !isCurrency(currency)) {
    problems.push(
      panelSetting(at.child('currency'), `"${currency}" is no currency`, 'give its code in ISO 4217: BRL, USD, EUR'),
    )
  }
  return { kind, ...(currency ? { currency } : {}), ...(decimals === undefined ? {} : { decimals }) }
}

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code)
}

function chartProblems({ at, type, x, y = [], series }: PanelMap): readonly Diagnostic[] {
  if (type === 'line' || type === 'bar') {
    const missing = [x ? [] : ['x'], y.length > 0 ? [] : ['y']].flat()
    if (missing.length === 0) return []
    const hint = 'x is the column of the axis, y the column or columns that are drawn'
    return [panelSetting(at.child('type'), `A ${type} chart needs ${missing.join(' and ')}`, hint)]
  }
  return (['x', 'y', 'series'] as const).flatMap((key) => {
    const isThere = key === 'x' ? x : key === 'y' ? y.length > 0 : series
    return isThere ? [panelSetting(at.child(key), `Only charts have ${key}`, 'make its type line or bar')] : []
  })
}

function filterProblems({ at, filter: filters = [] }: PanelMap): readonly Diagnostic[] {
  const required = filters.filter(({ isRequired }) => isRequired)
  const written = childOf(at, 'filter')
  if (!written) return []
  const [, second] = required
  if (second) return [problem('panel-setting', 'One filter of a panel may be required.', { place: second.place })]
  const [only] = required
  if (only && only.kind !== 'select') {
    return [problem('panel-setting', 'A required filter is a select.', { place: only.place })]
  }
  return []
}

function panelSetting(at: LocatedValue, sentence: string, hint?: string): Diagnostic {
  return problem('panel-setting', `${sentence}.`, { place: at.place, ...(hint === undefined ? {} : { hint }) })
}

function duplicates(panels: readonly WrittenPanel[]): readonly Diagnostic[] {
  const first = new Map<string, WrittenPanel>()
  return panels.flatMap((each) => {
    const before = first.get(each.name)
    if (!before) first.set(each.name, each)
    if (!before) return []
    const message = `There are two panels named "${each.name}".`
    return [
      problem('panel-duplicate', message, {
        place: each.place,
        related: [{ message: 'is the first', place: before.place }],
      }),
    ]
  })
}

const allowedColumns = either((value) => typeof value === 'boolean', boolean, listOrOne(named))

const allowanceMap = object('the allowance of personal data', { allowed: allowedColumns }, { reason: text })

function allowanceOf(at: LocatedValue, problems: Diagnostic[]): PersonalDataAllowance | undefined {
  const written = allowanceMap(at, problems)
  if (!written || written.allowed === false) return undefined
  if (written.reason === undefined || written.reason.trim() === '') {
    const message = 'Personal data is shown as it is only for a reason, and none is given.'
    const place = entriesOf(at).find(([key]) => key === 'allowed')?.[1].keyPlace ?? at.place
    problems.push(
      problem('pii-reason-missing', message, { place, hint: 'say beside it why readers may see it: reason: …' }),
    )
    return undefined
  }
  const columns = written.allowed === true ? 'all' : written.allowed
  return { columns, reason: written.reason }
}
