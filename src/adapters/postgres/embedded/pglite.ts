import type { PGliteOptions } from '@electric-sql/pglite'
import { problem, UserError } from '../../../diagnostics/errors.ts'

/** What is used of the package, which nobody needs but those who check offline. */
export interface PglitePackage {
  readonly PGlite: typeof import('@electric-sql/pglite').PGlite
  readonly createPgConfig: typeof import('@electric-sql/pglite/node-postgres').createPgConfig
}

/** Imports a module by its name; tests give another function. */
export type Importer = (name: string) => Promise<unknown>

const importModule: Importer = (name) => import(name)

const PACKAGE = '@electric-sql/pglite'
/** The versions that it is tried with. */
const PGLITE_VERSION = '0.5.16'

/** Loads Postgres as a library. Throws `UserError` where it is not installed. */
export async function loadPglite(importer: Importer = importModule): Promise<PglitePackage> {
  try {
    const [{ PGlite }, { createPgConfig }] = (await Promise.all([
      importer(PACKAGE),
      importer(`${PACKAGE}/node-postgres`),
      // The package's own declarations say what they export.
    ])) as [typeof import('@electric-sql/pglite'), typeof import('@electric-sql/pglite/node-postgres')]
    return { PGlite, createPgConfig }
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new UserError(packageMissing(), { cause })
  }
}

type PgliteExtension = NonNullable<PGliteOptions['extensions']>[string]

/** The extensions that come with the package. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  ...['amcheck', 'bloom', 'btree_gin', 'btree_gist', 'citext', 'cube', 'dict_int', 'dict_xsyn', 'earthdistance'],
  ...['file_fdw', 'fuzzystrmatch', 'hstore', 'intarray', 'isn', 'lo', 'ltree', 'moddatetime', 'pageinspect'],
  ...['pg_buffercache', 'pg_freespacemap', 'pg_stat_statements', 'pg_surgery', 'pg_trgm', 'pg_visibility'],
  ...['pg_walinspect', 'pgcrypto', 'seg', 'tablefunc', 'tcn', 'tsm_system_rows', 'tsm_system_time', 'unaccent'],
  'uuid-ossp',
])

/** Those of these extensions that come with the package, by name. */
export async function loadExtensions(names: readonly string[]): Promise<ReadonlyMap<string, PgliteExtension>> {
  const found = new Map<string, PgliteExtension>()
  for (const name of names.filter((each) => EXTENSIONS.has(each))) {
    const module = name.replaceAll('-', '_')
    // Each module exports its extension by its own name.
    const exported = (await importModule(`${PACKAGE}/contrib/${module}`)) as Readonly<Record<string, PgliteExtension>>
    const extension = exported[module]
    if (extension !== undefined) found.set(name, extension)
  }
  return found
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
}

function packageMissing() {
  return problem(
    'package-missing',
    `To check offline, the package "${PACKAGE}" is needed: it is Postgres as a library.`,
    {
      hint: `npm install --save-dev ${PACKAGE}@${PGLITE_VERSION}`,
    },
  )
}
