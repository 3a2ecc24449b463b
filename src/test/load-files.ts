import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import { postgresDialect } from '../adapters/postgres/dialect.ts'
import { findProject } from '../config/find-project.ts'
import { loadProfile } from '../config/profiles-file.ts'
import { readProjectFile } from '../config/project-file.ts'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { type LoadedManifest, loadManifest } from '../manifest/load-manifest.ts'
import type { JsonObject } from '../util/json.ts'

/** The texts of a project's files, by path. `-> path` makes a symbolic link. */
export type Files = Readonly<Record<string, string>>

export interface LoadOptions {
  readonly vars?: JsonObject
  readonly environment?: Readonly<Record<string, string>>
  readonly target?: string
}

const SHOP: Files = {
  'project.yml': 'name: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: shop.duckdb }\n',
}

/** Loads a project from a folder that lives as long as the call. A shop on DuckDB, unless the files say otherwise. */
export async function loadFiles(files: Files, options: LoadOptions = {}): Promise<LoadedManifest> {
  const folder = mkdtempSync(join(tmpdir(), 'lavra-'))
  try {
    writeFiles(folder, { ...SHOP, ...files })
    return await load(folder, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What a project that cannot be loaded is told, as people read it. */
export async function problemsOf(files: Files, options: LoadOptions = {}): Promise<string> {
  const loaded = await loadFiles(files, options).catch((error: unknown) => error)
  if (!(loaded instanceof Error)) return 'no problems'
  if (!(loaded instanceof UserError)) throw loaded
  return `\n${loaded.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')}\n`
}

/** What a project that can be loaded is warned of. */
export async function warningsOf(files: Files, options: LoadOptions = {}): Promise<string> {
  const { manifest } = await loadFiles(files, options)
  return `\n${manifest.warnings.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')}\n`
}

async function load(folder: string, { vars = {}, environment = {}, target }: LoadOptions): Promise<LoadedManifest> {
  const { root, file } = findProject(folder, { exact: true })
  const projectFile = readProjectFile(file, environment)
  const profile = loadProfile({
    projectRoot: root,
    profileName: projectFile.profile,
    environment: { HOME: join(folder, 'home'), ...environment },
    ...(target === undefined ? {} : { targetName: target }),
  })
  return await loadManifest({
    root,
    projectFile,
    profile,
    dialect: profile.type === 'postgres' ? postgresDialect : duckdbDialect,
    database: 'shop',
    vars,
    environment,
    flags: {},
    runStartedAt: '2026-01-05T00:00:00.000000+00:00',
    invocationId: '00000000-0000-0000-0000-000000000000',
    emit: () => {},
  })
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const absolute = join(folder, path)
    mkdirSync(dirname(absolute), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(join(folder, text.slice(3)), absolute)
    else writeFileSync(absolute, text)
  }
}
