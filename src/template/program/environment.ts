import nunjucks from 'nunjucks'
import { FILTERS } from '../builtins/filters/index.ts'
import { TESTS } from '../builtins/tests.ts'

/** Templates stand alone: nothing is ever loaded by name. */
class NoLoader extends nunjucks.Loader {
  override getSource(name: string): never {
    throw new Error(`Internal error: a template asked for "${name}".`)
  }
}

/**
 * nunjucks' environment with Jinja's filters and tests in place of its own. The stock tables are plain objects, through
 * which a template could reach `constructor`; they are emptied so that nothing of nunjucks is in reach by name.
 */
class JinjaEnvironment extends nunjucks.Environment {
  readonly known = { filters: FILTERS, tests: TESTS }

  constructor() {
    super([new NoLoader('')], { autoescape: false })
    this.filters = Object.create(null) as object
    this.tests = Object.create(null) as object
    this.globals = Object.create(null) as object
  }
}

export const ENVIRONMENT = new JinjaEnvironment()
