import { useEffect, useState } from 'preact/hooks'
import type { FileChoice, PanelIndex, RowsFile } from '../../data/dashboard-index.ts'
import type { DashboardFolder } from '../../site-data.ts'
import { load } from '../data.ts'
import { type Row, readRow } from './values.ts'

/** The rows of a panel, or the part of them that belongs to what was chosen. */
export interface RowRange {
  /** The number of the first row, from 0. */
  readonly first: number
  readonly rows: number
}

/** A panel, and the name of its dashboard's folder of data. */
export interface PanelData {
  readonly data: DashboardFolder
  readonly panel: PanelIndex
}

/** A range of no more files than this is read at once; more only when somebody asks for it. */
const FEW_FILES = 25
/** Files that are read at the same time. */
const AT_ONCE = 6

/** Whether all rows of the range are read without asking. */
export function isSmall(panel: PanelIndex, range: RowRange): boolean {
  return filesOf(panel, range).length <= FEW_FILES
}

/** The numbers of the files that hold the rows, from 1. */
export function filesOf({ pageRows }: Pick<PanelIndex, 'pageRows'>, { first, rows }: RowRange): readonly number[] {
  if (rows === 0) return []
  const start = Math.floor(first / pageRows)
  const end = Math.floor((first + rows - 1) / pageRows)
  return Array.from({ length: end - start + 1 }, (_, index) => start + index + 1)
}

/** Reads the rows of a range. `tell` is called with the number of files that are read. */
export async function readRows(
  { data, panel }: PanelData,
  range: RowRange,
  tell: (files: number) => void = () => {},
): Promise<readonly Row[]> {
  const files = filesOf(panel, range)
  const parts: (readonly Row[])[] = files.map(() => [])
  let next = 0
  let done = 0
  const work = async () => {
    for (let at = next++; at < files.length; at = next++) {
      parts[at] = rowsIn(await load(`${data}/${panel.folder}/rows-${files[at]!}`), panel)
      done += 1
      tell(done)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work))
  const skipped = ((files[0] ?? 1) - 1) * panel.pageRows
  return parts.flat().slice(range.first - skipped, range.first - skipped + range.rows)
}

/** Rows of files that were read; a table, its filters and each of its pages want the same ones. */
const decoded = new WeakMap<RowsFile, readonly Row[]>()

function rowsIn(file: RowsFile, { columns }: PanelIndex): readonly Row[] {
  const known = decoded.get(file)
  if (known) return known
  const rows = file.rows.map((values) => readRow(columns, values))
  decoded.set(file, rows)
  return rows
}

/** Reads what can be chosen of a panel of which something has to be. */
export async function readChoices({ data, panel }: PanelData): Promise<readonly FileChoice[]> {
  const numbers = Array.from({ length: panel.choices ?? 0 }, (_, index) => index + 1)
  const files = await Promise.all(numbers.map((number) => load(`${data}/${panel.folder}/choices-${number}`)))
  return files.flatMap(({ choices }) => choices)
}

export type Reading<Value> =
  | { readonly status: 'nothing' }
  | { readonly status: 'reading'; readonly files: number; readonly of: number }
  | { readonly status: 'ready'; readonly value: Value }
  | { readonly status: 'failed'; readonly message: string }

/** The rows of a range as they are read; nothing is read without one. */
export function useRows(from: PanelData, range: RowRange | undefined): Reading<readonly Row[]> {
  const key = range === undefined ? '' : `${from.data} ${from.panel.folder} ${range.first} ${range.rows}`
  const of = range === undefined ? 0 : filesOf(from.panel, range).length
  return useReading(key, of, (tell) => readRows(from, range ?? { first: 0, rows: 0 }, tell))
}

/** What can be chosen of each of some panels. */
export function useChoices(panels: readonly PanelData[]): Reading<readonly (readonly FileChoice[])[]> {
  const key = panels.map(({ data, panel }) => `${data} ${panel.folder}`).join()
  return useReading(key, 1, () => Promise.all(panels.map(readChoices)))
}

/** Reads again whenever the key is another one; an empty key reads nothing. */
function useReading<Value>(
  key: string,
  of: number,
  read: (tell: (files: number) => void) => Promise<Value>,
): Reading<Value> {
  const [state, setState] = useState<{ readonly key: string; readonly reading: Reading<Value> }>()
  useEffect(() => {
    if (key === '') return
    let isWanted = true
    const show = (reading: Reading<Value>) => isWanted && setState({ key, reading })
    read((files) => show({ status: 'reading', files, of })).then(
      (value) => show({ status: 'ready', value }),
      (error: Error) => show({ status: 'failed', message: error.message }),
    )
    return () => {
      isWanted = false
    }
  }, [key])
  if (key === '') return { status: 'nothing' }
  return state?.key === key ? state.reading : { status: 'reading', files: 0, of }
}
