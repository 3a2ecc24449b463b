import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'
import type { AppFiles } from './app-files.ts'

const APP = join(import.meta.dirname, 'app')

/** One script, which runs from a disk as well, and one style sheet. */
export async function bundleApp(): Promise<AppFiles> {
  const { output } = await build({
    input: join(APP, 'main.tsx'),
    platform: 'browser',
    write: false,
    tsconfig: join(APP, 'tsconfig.json'),
    output: { format: 'iife', minify: true },
  })
  const styles = readdirSync(join(APP, 'styles')).sort()
  return {
    script: output[0].code,
    style: styles.map((name) => readFileSync(join(APP, 'styles', name), 'utf8')).join('\n'),
  }
}
