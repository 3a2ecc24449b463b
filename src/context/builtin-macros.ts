import { readdirSync, readFileSync } from 'node:fs'
import type { SourceFile } from '../text/source-file.ts'

const FOLDER = new URL('./builtin/', import.meta.url)

let files: readonly SourceFile[] | undefined

/**
 * The macros that come with Lavra, package `dbt`, shown as `lavra/macros/<file>.sql`. They ship with the program; nothing
 * of the user's is read here. Read once a process.
 */
export function builtinMacroFiles(): readonly SourceFile[] {
  files ??= readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ path: `lavra/macros/${name}`, text: readFileSync(new URL(name, FOLDER), 'utf8') }))
  return files
}
