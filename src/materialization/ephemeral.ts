import type { Materialization } from './materialization.ts'

/** No relation of its own: its SQL is inlined where it is used. */
export const ephemeral: Materialization = {
  name: 'ephemeral',
  build: () => ({ candidateKind: 'view', becomes: 'view', mode: 'replace', makes: [], statements: [] }),
  publish: () => ({ data: [], swap: [], effect: 'rows' }),
}
