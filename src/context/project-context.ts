import type { QueryComment } from '../config/project-file.ts'
import type { Emit } from '../events/events.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Json, JsonObject } from '../util/json.ts'
import type { DependencyNotes } from './dependencies.ts'
import type { MacroRegistry } from './macro-registry.ts'

/** What every template of a run shares. Made once a run by `commands/`; values only, no effects but `emit`. */
export interface ProjectContext {
  readonly name: string
  readonly version: string
  /** Absolute path of the project folder. */
  readonly root: string
  readonly target: TargetContext
  readonly dialect: Dialect
  readonly vars: VarLookup
  /** Environment variables as templates may see them: secrets of `DBT_ENV_SECRET_*` are not in here. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly macros: MacroRegistry
  /** `dispatch:` of the project file. */
  readonly dispatch: readonly { readonly macro_namespace: string; readonly search_order: readonly string[] }[]
  /** The comment on every statement that a node sends; absent where the project asks for none. */
  readonly queryComment?: QueryComment
  /** ISO 8601 in UTC with microseconds: `run_started_at`. */
  readonly runStartedAt: string
  readonly invocationId: string
  /** What `flags.FULL_REFRESH` and its like say, by upper-case name. */
  readonly flags: JsonObject
  /** `log()`, `print()` and `exceptions.warn` go here. */
  readonly emit: Emit
  /** Told of what renders depend on; absent where nobody wants to know. */
  readonly dependencies?: DependencyNotes
  /** Values that must appear nowhere: not in output, artifacts or the state. */
  readonly secrets: readonly string[]
}

/** The `target` variable of templates. Holds no secret. */
export interface TargetContext {
  readonly profile_name: string
  readonly name: string
  readonly type: string
  readonly database: string
  readonly schema: string
  readonly threads: number
  /** The other, harmless fields of the target (`path`, `host`, `port`, `user`). */
  readonly fields: JsonObject
}

/** `var(name)`: command line over project file (package-scoped over global). Undefined where nothing sets it. */
export interface VarLookup {
  find(name: string, packageName: string): Json | undefined
  /** The names that `find` knows, for "did you mean". */
  names?(packageName: string): Iterable<string>
}
