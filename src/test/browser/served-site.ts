import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { type SiteServer, serveSite } from '../../site/serve-site.ts'
import { TemporaryProject } from '../temporary-project.ts'

/** The documentation of a project, on the disk and served. */
export interface ServedSite {
  readonly project: TemporaryProject
  readonly server: SiteServer
  readonly addresses: { readonly disk: string; readonly server: string }
  close(): Promise<void>
}

/** Makes a project, builds it as often as `builds` says how, and documents it. */
export async function serveProject(
  files: Readonly<Record<string, string>>,
  builds: readonly (readonly string[])[],
): Promise<ServedSite> {
  const project = await TemporaryProject.make(files)
  for (const flags of builds) expect((await project.lavra('build', ...flags)).text).not.toContain('error[')
  expect((await project.lavra('docs', 'generate')).code).toBe(0)
  const folder = join(project.root, 'target/docs')
  const server = await serveSite(folder, { port: 0, host: '127.0.0.1' })
  return {
    project,
    server,
    addresses: { disk: pathToFileURL(join(folder, 'index.html')).href, server: server.url },
    close: async () => {
      await server.close()
      await project.remove()
    },
  }
}
