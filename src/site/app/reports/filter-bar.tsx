import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Locale, languageOf, localeText, plainText } from '../../../report/locale-text.ts'
import type { FileChoice, FilterIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { type Chosen, chosenBy, type Option, optionsOf, parseRange, positionOf, writeRange } from './choose.ts'
import { isSmall, type PanelData, readRows } from './read-rows.ts'
import { readRow } from './values.ts'

/** A filter of one or more panels, which readers see once. */
interface SharedFilter {
  readonly filter: FilterIndex
  readonly panels: readonly OwnFilter[]
}

interface OwnFilter {
  readonly from: PanelData
  readonly filter: FilterIndex
  /** What can be chosen, of a panel of which something has to be. */
  readonly choices: readonly FileChoice[] | undefined
}

/** Choices of more than so many options are typed. */
const OPTIONS_OF_A_LIST = 200
/** How many of the options that fit are offered while one types. */
const OFFERED = 100
/** How long typing rests before it filters. */
const TYPED_MS = 250

/** Everything that the panels of a dashboard can be filtered by. */
export function FilterBar(props: {
  readonly panels: readonly PanelData[]
  /** Of each panel. */
  readonly choices: readonly (readonly FileChoice[] | undefined)[]
  readonly chosen: Chosen
  readonly onChoose: (column: string, value: string | undefined) => void
  readonly onClear: () => void
}) {
  const { words } = usePage()
  const { panels, choices, chosen, onChoose } = props
  const filters = useMemo(() => sharedFilters(panels, choices), [panels, choices])
  if (filters.length === 0) return null
  return (
    <form class="report-filters" aria-label={words.filters} onSubmit={(event) => event.preventDefault()}>
      {filters.map((shared) => (
        <Filter
          key={`${shared.filter.kind} ${shared.filter.column.toLowerCase()}`}
          shared={shared}
          chosen={chosenBy(shared.filter, chosen)}
          onChoose={(value) => onChoose(shared.filter.column, value)}
        />
      ))}
      {filters.some(({ filter }) => chosenBy(filter, chosen) !== undefined) ? (
        <button type="button" class="button" onClick={props.onClear}>
          {words.clearFilters}
        </button>
      ) : null}
    </form>
  )
}

/** Filters of one column and kind are one to the reader, as `lavra report --filter` has it. */
function sharedFilters(
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

interface FilterProps {
  readonly shared: SharedFilter
  readonly chosen: string | undefined
  readonly onChoose: (value: string | undefined) => void
}

function Filter(props: FilterProps) {
  const { locale } = usePage()
  const { filter } = props.shared
  const label = filter.label[languageOf(locale)]
  switch (filter.kind) {
    case 'select':
      return <SelectFilter {...props} label={label} />
    case 'search':
      return <SearchFilter {...props} label={label} />
    case 'date_range':
      return <DaysFilter {...props} label={label} />
  }
}

interface LabelledProps extends FilterProps {
  readonly label: string
}

function SelectFilter({ shared, chosen, onChoose, label }: LabelledProps) {
  const { words } = usePage()
  const options = useOptions(shared)
  if (options === undefined || options.length > OPTIONS_OF_A_LIST) {
    return <TypedFilter options={options ?? []} chosen={chosen} onChoose={onChoose} label={label} />
  }
  const isKnown = chosen === undefined || options.some(({ value }) => value === chosen)
  return (
    <label class="filter">
      <span>{label}</span>
      <select
        value={chosen === undefined ? 'none' : `is ${chosen}`}
        onChange={({ currentTarget: { value } }) => onChoose(value === 'none' ? undefined : value.slice(3))}
      >
        <option value="none">{shared.filter.required ? words.choose : words.all}</option>
        {isKnown ? null : <option value={`is ${chosen}`}>{chosen}</option>}
        {options.map(({ value, text }) => (
          <option key={value} value={`is ${value}`}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** One types a part of what is wanted, and takes one of what is offered; or a value itself. */
function TypedFilter(props: {
  readonly options: readonly Option[]
  readonly chosen: string | undefined
  readonly onChoose: (value: string | undefined) => void
  readonly label: string
}) {
  const { words } = usePage()
  const { options, chosen, onChoose, label } = props
  const chosenText = options.find(({ value }) => value === chosen)?.text ?? chosen ?? ''
  const [text, setText] = useState(chosenText)
  useEffect(() => setText(chosenText), [chosenText])
  const part = text.toLowerCase()
  const fitting = options.filter((option) => option.text.toLowerCase().includes(part)).slice(0, OFFERED)
  const id = `options-of-${label.replace(/\W+/g, '-')}`
  const take = (typed: string) => {
    if (typed === '') return onChoose(undefined)
    onChoose(options.find((option) => option.text === typed)?.value ?? typed)
  }
  return (
    <label class="filter">
      <span>{label}</span>
      <input
        list={id}
        value={text}
        placeholder={words.choose}
        onInput={(event) => {
          const typed = event.currentTarget.value
          setText(typed)
          if (typed === '' || options.some((option) => option.text === typed)) take(typed)
        }}
        onChange={(event) => take(event.currentTarget.value)}
      />
      <datalist id={id}>
        {fitting.map(({ value, text: name }) => (
          <option key={value} value={name} />
        ))}
      </datalist>
    </label>
  )
}

function SearchFilter({ chosen = '', onChoose, label }: LabelledProps) {
  const { words } = usePage()
  const [text, setText] = useState(chosen)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(chosen), [chosen])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <label class="filter">
      <span>
        {words.search}: {label}
      </span>
      <input
        type="search"
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value
          setText(typed)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => onChoose(typed === '' ? undefined : typed), TYPED_MS)
        }}
      />
    </label>
  )
}

function DaysFilter({ chosen = '', onChoose, label }: LabelledProps) {
  const { words } = usePage()
  const range = parseRange(chosen)
  const choose = (part: Partial<typeof range>) => {
    const text = writeRange({ ...range, ...part })
    onChoose(text === '' ? undefined : text)
  }
  return (
    <fieldset class="filter filter-days">
      <legend>{label}</legend>
      <label>
        <span>{words.firstDay}</span>
        <input type="date" value={range.from} onChange={(event) => choose({ from: event.currentTarget.value })} />
      </label>
      <label>
        <span>{words.lastDay}</span>
        <input type="date" value={range.to} onChange={(event) => choose({ to: event.currentTarget.value })} />
      </label>
    </fieldset>
  )
}

/** What can be chosen; undefined where that is not known, or too much to read for it. */
function useOptions({ panels }: SharedFilter): readonly Option[] | undefined {
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
  const text = (value: Parameters<typeof localeText>[0], format = textColumn.format) =>
    localeText(value, format, locale) || emptyValue
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
