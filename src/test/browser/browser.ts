import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Opens the Chromium of this machine; `CHROMIUM` says where it is when it is somewhere else. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error('There is no Chromium: install it, or name it in CHROMIUM.')
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath, args: quiet })
}

/** A page that is open, with everything that its console told. */
export interface OpenPage {
  readonly page: Page
  /** Fails if anything went wrong on the page but what is expected, and closes it. */
  close(expected?: RegExp): Promise<void>
}

export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
    ...options,
  })
  const page = await context.newPage()
  const told: string[] = []
  page.on('console', (message) => told.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => told.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!/^(file|data):|^http:\/\/127\.0\.0\.1[:/]/.test(request.url())) told.push(`request: ${request.url()}`)
  })
  await page.goto(address)
  await page.locator('main').waitFor()
  return {
    page,
    close: async (expected) => {
      await context.close()
      expect(told.filter((message) => expected === undefined || !expected.test(message))).toEqual([])
    },
  }
}

interface Violation {
  readonly id: string
  readonly impact: string
  readonly where: readonly string[]
}

/** What axe calls serious or critical of a page. */
export async function seriousProblems(page: Page): Promise<readonly Violation[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'))
  const found = await page.evaluate<readonly Violation[]>(
    'axe.run(document, { preload: false }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html) })))',
  )
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
}
