import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import type { DataFiles } from '../site/app/data-files.ts'

/** What a file of data of a project's documentation hands to the page. */
export async function siteData<Name extends keyof DataFiles & string>(
  { root }: { readonly root: string },
  name: Name,
): Promise<DataFiles[Name]> {
  const given = new Map<string, unknown>()
  const script = await readFile(join(root, 'target/docs/data', `${name}.js`), 'utf8')
  runInNewContext(script, { lavra: (key: string, value: unknown) => given.set(key, value) })
  return JSON.parse(JSON.stringify(given.get(name))) as DataFiles[Name] // each file hands over what its name says
}
