import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { writeManyAtomically } from '../../report/artifacts/write-many.ts'
import type { DashboardSink } from '../../site/data/dashboard-data.ts'
import type { DashboardFolder } from '../../site/site-data.ts'
import { type SiteFile, scriptOfJson } from '../../site/site-files.ts'
import { writing } from '../output-files.ts'

/** Where dashboards have their data, each making of the site in a folder of its own. */
const DASHBOARDS = 'dashboards'

/**
 * The folder of a site that is made. What there is stays as it is until the new page is written, which comes last: a making
 * that fails, or is killed, leaves the site of before. Rows of dashboards are written as they come, into a folder that only
 * the new page knows, so that no page ever shows rows of two publications together.
 */
export class SiteFolder {
  readonly path: string
  readonly #making: string
  readonly #secrets: readonly string[]

  /** `making` tells this making of the site from all others. */
  constructor(path: string, making: string, secrets: readonly string[]) {
    this.path = path
    this.#making = making
    this.#secrets = secrets
  }

  /** Takes the data of a dashboard. The page loads them below this name. */
  dashboard(position: number): { readonly name: DashboardFolder; readonly sink: DashboardSink } {
    const name: DashboardFolder = `${DASHBOARDS}/${this.#making}/${position}`
    const folder = join(this.path, 'data', name)
    return {
      name,
      sink: {
        restart: () => writing(() => rm(folder, { recursive: true, force: true })),
        write: ({ path, text }) =>
          writing(async () => {
            const withoutEnding = path.replace(/\.json$/, '')
            const file = join(folder, `${withoutEnding}.js`)
            await mkdir(dirname(file), { recursive: true })
            await writeFile(file, scriptOfJson(`${name}/${withoutEnding}`, text, this.#secrets))
          }),
      },
    }
  }

  /** Writes everything else, the page last, and removes the data that it has no more. */
  async commit(files: readonly SiteFile[]): Promise<void> {
    const absolute = files.map(([path, text]): SiteFile => [join(this.path, path), text])
    await writeManyAtomically(absolute.slice(0, -1), [])
    await writeManyAtomically(absolute.slice(-1), [])
    await this.#removeOthers(new Set(absolute.map(([path]) => path)))
  }

  /** Forgets the rows that were written: the site is not made. What cannot be removed goes with the next making. */
  async abandon(): Promise<void> {
    await rm(join(this.path, 'data', DASHBOARDS, this.#making), { recursive: true, force: true }).catch(() => {})
  }

  async #removeOthers(wanted: ReadonlySet<string>): Promise<void> {
    const data = join(this.path, 'data')
    const dashboards = join(data, DASHBOARDS)
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile() && !wanted.has(path) && !path.startsWith(dashboards + sep)) await rm(path, { force: true })
    }
    const makings = await readdir(dashboards).catch(() => [])
    for (const making of makings) {
      if (making !== this.#making) await rm(join(dashboards, making), { recursive: true, force: true })
    }
  }
}
