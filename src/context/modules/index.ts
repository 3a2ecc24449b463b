import { datetimeModule, pytzModule } from './datetime-module.ts'
import { itertoolsModule } from './itertools-module.ts'
import { module } from './module.ts'
import { reModule } from './re-module.ts'

/** `modules`: the parts of Python's library that dbt gives to templates. */
export const modules = module('modules', [
  ['datetime', datetimeModule],
  ['pytz', pytzModule],
  ['re', reModule],
  ['itertools', itertoolsModule],
])
