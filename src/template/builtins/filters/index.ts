import type { Filter } from './filter.ts'
import { MARKUP_FILTERS } from './markup.ts'
import { NUMBER_FILTERS } from './numbers.ts'
import { SELECTION_FILTERS } from './selection.ts'
import { SEQUENCE_FILTERS } from './sequences.ts'
import { TEXT_FILTERS } from './text.ts'

/** Jinja's filters and those that dbt adds: `is_list` and the four `as_…` that matter to native rendering. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map([
  ...TEXT_FILTERS,
  ...MARKUP_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...SELECTION_FILTERS,
])
