import { defineConfig } from 'vitest/config'

/** What is tried in a browser: `npm run test:browser`. It needs Chromium, which `npm test` does not. */
export default defineConfig({
  test: {
    include: ['src/test/browser/*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    allowOnly: false,
  },
})
