import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { languageOf } from '../../../report/locale-text.ts'
import type { FileChoice } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { type Chosen, chosenBy, type Option, parseRange, writeRange } from './choose.ts'
import type { PanelData } from './read-rows.ts'
import { type SharedFilter, sharedFilters, useOptions } from './shared-filters.ts'

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
