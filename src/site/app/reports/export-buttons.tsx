import { useState } from 'preact/hooks'
import { languageOf } from '../../../report/locale-text.ts'
import { usePage } from '../context.ts'
import { Failure } from '../parts/small.tsx'
import { type Chosen, chosenBy, chosenRows, type Sorting, sortedRows } from './choose.ts'
import { download, EXPORT_FORMS, type ExportForm, exportedText, fileName } from './export-rows.ts'
import { type PanelData, type RowRange, readRows } from './read-rows.ts'

interface ExportProps {
  readonly from: PanelData
  readonly range: RowRange
  readonly chosen: Chosen
  readonly sorting: Sorting | undefined
  readonly dashboard: string
}

/** Takes the rows with one: those that are chosen, in the order that they are shown in. */
export function ExportButtons({ from, range, chosen, sorting, dashboard }: ExportProps) {
  const { words, locale } = usePage()
  const { panel } = from
  const [problem, setProblem] = useState<string>()
  const save = async (form: ExportForm) => {
    try {
      setProblem(undefined)
      const rows = sortedRows(chosenRows(panel, await readRows(from, range), chosen), sorting, locale)
      const choices = panel.filters.map((filter) => chosenBy(filter, chosen) ?? '')
      download(fileName([dashboard, panel.name, ...choices], form), exportedText(panel, rows, form), form)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      {EXPORT_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          class="button"
          aria-label={words.exportAs(panel.title[languageOf(locale)], form.toUpperCase())}
          onClick={() => save(form)}
        >
          <span aria-hidden="true">↓&nbsp;</span>
          {form.toUpperCase()}
        </button>
      ))}
      {problem === undefined ? null : <Failure message={problem} />}
    </>
  )
}
