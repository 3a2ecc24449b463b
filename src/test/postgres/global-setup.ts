import type { TestProject } from 'vitest/node'
import { startPostgres } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The superuser's URL of the server that the whole suite shares. */
    readonly postgresUrl: string
  }
}

/** One server for the suite: the one that `LAVRA_TEST_POSTGRES_URL` names, or one that starts and ends with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const existing = process.env.LAVRA_TEST_POSTGRES_URL
  if (existing !== undefined) {
    project.provide('postgresUrl', existing)
    return async () => {}
  }
  const server = await startPostgres()
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
