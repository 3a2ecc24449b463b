import { useEffect, useState } from 'preact/hooks'
import { type Locale, localeText, plainText } from '../../../report/locale-text.ts'
import type { SqlValue } from '../../../sql/value.ts'
import type { FileChoice, FilterIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { type Option, optionsOf, positionOf } from './choose.ts'
import { isSmall, type PanelData, readRows } from './read-rows.ts'
import { readRow } from './values.ts'

/** A filter of one or more panels, which readers see once. */
export interface SharedFilter {
  readonly filter: FilterIndex
  readonly panels: readonly OwnFilter[]
}

interface OwnFilter {
  readonly from: PanelData
  readonly filter: FilterIndex
  /** What can be chosen, of a panel of which something has to be. */
  readonly choices: readonly FileChoice[] | undefined
}

/** Filters of one column and kind are one to the reader, as `lavra report --filter` has it. */
export function sharedFilters(
  panels: readonly PanelData[],
  choices: readonly (readonly FileChoice[] | undefined)[],
): readonly SharedFilter[] {
  const own = panels.flatMap((from, index) =>
    from.panel.filters.map((filter): OwnFilter => ({ from, filter, choices: choices[index] })),
  )
  const groups = Map.groupBy(own, ({ filter }) => `${filter.kind} ${filter.column.toLowerCase()}`)
  return [...groups.values()].map((group) => ({
    filter: (group.find(({ filter }) => filter.required) ?? group[0]!).filter,
    panels: group,
  }))
}

/** What can be chosen; undefined where that is not known, or too much to read for it. */
export function useOptions({ panels }: SharedFilter): readonly Option[] | undefined {
  const { words, locale } = usePage()
  const [options, setOptions] = useState<readonly Option[]>()
  useEffect(() => {
    let isWanted = true
    Promise.all(panels.map((own) => optionsOfPanel(own, locale, words.emptyValue))).then(
      (found) =>
        isWanted && setOptions(found.includes(undefined) ? undefined : optionsOf(found.flat() as Option[], locale)), // none is undefined
      // The panel says that its rows cannot be read.
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [panels, locale])
  return options
}

async function optionsOfPanel(
  { from, filter, choices }: OwnFilter,
  locale: Locale,
  emptyValue: string,
): Promise<readonly Option[] | undefined> {
  const { columns, rows } = from.panel
  const at = positionOf(columns, filter.column)
  const textAt = positionOf(columns, filter.shownAs ?? filter.column)
  const [column, textColumn] = [columns[at], columns[textAt]]
  if (!column || !textColumn) return []
  const text = (value: SqlValue, format = textColumn.format) => localeText(value, format, locale) || emptyValue
  if (choices) {
    return choices.map((choice) => {
      const [value = null] = readRow([column], [choice.value])
      const [shown = null] = choice.text === undefined ? [value] : readRow([textColumn], [choice.text])
      return { value: plainText(value), text: text(shown) }
    })
  }
  const range = { first: 0, rows }
  if (!isSmall(from.panel, range)) return undefined
  const found = await readRows(from, range)
  return found.map((row) => ({ value: plainText(row[at] ?? null), text: text(row[textAt] ?? null) }))
}
