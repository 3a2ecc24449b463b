import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'

/** What the figures depend on, without anything that tells one machine from another of its kind. */
export function describeMachine(): string {
  const cpus = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  return [
    `${cpus.length} cores (${cpus[0]?.model.trim() ?? 'unknown'})`,
    `${memory} GB of memory`,
    `${os.type()} ${os.arch()}`,
    `node ${process.versions.node}`,
    `@duckdb/node-api ${versionOf('@duckdb/node-api')}`,
  ].join(', ')
}

function versionOf(packageName: string): string {
  const entry = createRequire(import.meta.url).resolve(packageName)
  const folder = entry.slice(0, entry.lastIndexOf(packageName) + packageName.length)
  return (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { readonly version: string }).version
}
