import { readFileSync, writeFileSync } from 'node:fs'
import { markdown, type SuiteResult } from './table.ts'

/** Replaces one measurement in the document: what stands between its two marks. The rest is written by people. */
export function writeDocument(path: string, result: SuiteResult, machine: string): void {
  const between = (key: string, text: string, document: string) => {
    const [start, end] = [`<!-- ${key} -->\n`, `<!-- end of ${key} -->`]
    const from = document.indexOf(start)
    const to = document.indexOf(end)
    if (from < 0 || to < from) throw new Error(`${path} has no place for "${key}".`)
    return `${document.slice(0, from + start.length)}${text}${document.slice(to)}`
  }
  const document = between('machine', `${machine}.\n`, readFileSync(path, 'utf8'))
  writeFileSync(path, between(result.key, markdown([result]), document))
}
