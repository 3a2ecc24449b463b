import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import type { SiteProjectInput } from '../site/site-project.ts'
import { NO_RUNS } from '../state/read-runs.ts'

/** What the site is made of for a project of which nothing was compiled, built or bound. */
export const NOTHING_KNOWN: Omit<SiteProjectInput, 'manifest'> = {
  dialect: duckdbDialect,
  target: 'dev',
  isOffline: false,
  compiled: new Map(),
  notCompiled: new Map(),
  found: [],
  published: [],
  history: NO_RUNS,
  lineage: undefined,
  findings: undefined,
  sourceAges: new Map(),
  dashboards: [],
  generatedAt: '2026-01-05T12:00:00.000Z',
  lavraVersion: '1.2.3',
}
