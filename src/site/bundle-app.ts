import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'rolldown'
import type { AppFiles } from './app-files.ts'

const APP = join(import.meta.dirname, 'app')
const CHART_STYLE = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css')

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
    style: [CHART_STYLE, ...styles.map((name) => join(APP, 'styles', name))]
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n'),
  }
}
