import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage, seriousProblems } from './browser.ts'
import { type ServedSite, serveProject } from './served-site.ts'
import { SHOP } from './shop.ts'

let browser: Browser
let site: ServedSite
let addresses: ServedSite['addresses']

beforeAll(async () => {
  browser = await openBrowser()
  site = await serveProject(SHOP, [['--publish', 'passing'], []])
  addresses = site.addresses
})

afterAll(async () => {
  await site.close()
  await browser.close()
})

describe.each(['disk', 'server'] as const)('the site, opened from the %s', (from) => {
  test('the overview tells what there is and what does not pass', async () => {
    const { page, close } = await openPage(browser, addresses[from])
    expect(await page.title()).toBe('shop')
    expect(await page.locator('.cards').innerText()).toMatch(/4\s*Models/)
    expect(await page.getByText('The shop, whole.').innerHTML()).toBe('The shop, <em>whole</em>.')
    const failing = page.getByRole('region', { name: 'Tests that do not pass' }).first()
    expect(await failing.innerText()).toContain('accepted_range_customers_worth')
    await close()
  })

  test('a search leads to a node', async () => {
    const { page, close } = await openPage(browser, addresses[from])
    await page.keyboard.press('/')
    await page.keyboard.type('notificacoes')
    const options = page.getByRole('listbox', { name: 'Search results' }).getByRole('option')
    await options.first().waitFor()
    expect(await options.allInnerTexts()).toEqual([expect.stringContaining('best_customers')])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'best_customers' }).waitFor()
    expect(new URL(page.url()).hash).toBe('#/node/model.shop.best_customers')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('paid')
    await page.keyboard.press('Enter')
    await page.getByText('2 results').waitFor()
    await close()
  })

  test('the page of a node shows description, columns, tests and both forms of its SQL, and runs nothing of them', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/node/model.shop.orders`)
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor()
    expect(await page.locator('.markdown strong').first().innerText()).toBe('Paid')
    expect(await page.getByRole('link', { name: 'the guide' }).getAttribute('href')).toBe('https://example.com')
    expect(await page.getByRole('link', { name: 'nothing' }).count()).toBe(0)
    expect(await page.locator('.markdown').first().innerText()).toContain('<img src=x onerror="window.broken = true">')
    const columns = page.locator('table.columns tbody tr')
    expect(await columns.first().innerText()).toMatch(/id\s+BIGINT\s+The number\s+unique Passed\s+not_null Passed/)
    expect(await page.locator('.code-text').last().innerText()).toContain("from {{ ref('raw_orders') }}")
    await page.getByRole('button', { name: 'Compiled' }).click()
    expect(await page.locator('.code-text').last().innerText()).toContain('from "shop"."main"."raw_orders"')
    expect(await page.evaluate('window.broken')).toBeUndefined()
    await close()
  })

  test('a column is followed from gold to its seed', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/node/model.shop.best_customers`)
    await page.getByRole('link', { name: 'Follow revenue through the graph' }).click()
    await page
      .getByText('4 columns in 4 tables')
      .or(page.getByText(/columns in \d tables/))
      .first()
      .waitFor()
    const boxes = page.locator('.graph .box')
    expect(await boxes.locator('.box-name').allTextContents()).toEqual([
      'raw_orders',
      'orders',
      'customers',
      'best_customers',
    ])
    expect(await boxes.locator('.box-column text').allTextContents()).toEqual(['amount', 'amount', 'worth', 'revenue'])
    await page.getByRole('button', { name: 'Follow amount through the graph' }).first().click()
    await page.getByText('raw_orders.amount').first().waitFor()
    const shared = page.url()
    await page.getByRole('link', { name: 'Stop following' }).click()
    await page.getByText('8 of 8 shown').waitFor()
    await page.goto('about:blank')
    await page.goto(shared)
    await page.getByText('raw_orders.amount').first().waitFor()
    await close()
  })

  test('the graph is filtered by selection, folder and tag', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/graph`)
    await page.getByText('8 of 8 shown').waitFor()
    const names = () => page.locator('.graph .box-name').allTextContents()
    const select = page.getByLabel('Select', { exact: true })
    await select.fill('+customers')
    await select.press('Enter')
    await page.getByText('3 of 8 shown').waitFor()
    expect(await names()).toEqual(['raw_orders', 'orders', 'customers'])
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByLabel('Tag').selectOption('gold')
    await page.getByText('2 of 8 shown').waitFor()
    await page.getByRole('link', { name: 'Clear' }).click()
    await page.getByLabel('Folder').selectOption('models/silver')
    await page.getByText('2 of 8 shown').waitFor()
    expect((await names()).sort()).toEqual(['orders', 'visits'])
    await select.fill('no:such')
    await select.press('Enter')
    await page.getByText(/This is no selection: .*"no"/).waitFor()
    await close()
  })

  test('a run shows what was built and tested in it', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/runs`)
    await page.locator('table a').first().click()
    await page.getByRole('heading', { name: /^Run of/ }).waitFor()
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    expect((await rows.allInnerTexts()).join('\n')).toMatch(/Warning\s+accepted_range_customers_worth/)
    await close()
  })
})

describe('the site', () => {
  test('is dark where the reader wants it, and remembers what was chosen', async () => {
    const { page, close } = await openPage(browser, addresses.server, { colorScheme: 'dark' })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await expect.poll(ground).toBe('rgb(16, 20, 26)')
    await page.getByLabel('Appearance').selectOption('light')
    await expect.poll(ground).toBe('rgb(246, 247, 249)')
    await page.reload()
    await page.locator('main').waitFor()
    await expect.poll(ground).toBe('rgb(246, 247, 249)')
    await page.getByLabel('Appearance').selectOption('dark')
    await expect.poll(ground).toBe('rgb(16, 20, 26)')
    await close()
  })

  test('speaks Portuguese to those who do, and to whoever chooses it', async () => {
    const { page, close } = await openPage(browser, `${addresses.server}#/runs`, { locale: 'pt-PT' })
    await page.getByRole('heading', { name: 'Execuções' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
    expect(await page.locator('td.number').first().innerText()).toMatch(/^\d,\d\d s$/)
    await page.getByLabel('Idioma').selectOption('en')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await close()
  })

  test('fits a phone: no page is wider than the screen, and the navigation opens', async () => {
    const { page, close } = await openPage(browser, addresses.disk, { viewport: { width: 360, height: 740 } })
    for (const hash of ['#/', '#/node/model.shop.orders', '#/graph', '#/runs', '#/tests', '#/search?text=orders']) {
      await page.goto(addresses.disk + hash)
      await page.waitForTimeout(100)
      const width = () => page.evaluate('document.documentElement.scrollWidth')
      await expect.poll(async () => [hash, await width()]).toEqual([hash, 360])
    }
    const navigation = page.getByRole('navigation', { name: 'Navigation' })
    await navigation.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Menu' }).click()
    await navigation.getByRole('link', { name: 'Lineage' }).click()
    await page.getByText('8 of 8 shown').waitFor()
    await navigation.waitFor({ state: 'hidden' })
    await close()
  })

  test('can be used with the keyboard alone', async () => {
    const { page, close } = await openPage(browser, addresses.disk)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatch(/Sources/)
    await page.goto(`${addresses.disk}#/graph`)
    await page.getByText('8 of 8 shown').waitFor()
    await page.getByRole('application').focus()
    await page.keyboard.press('ArrowRight')
    const panel = page.getByRole('complementary')
    const first = await panel.getAttribute('aria-label')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => panel.getAttribute('aria-label')).not.toBe(first)
    await page.keyboard.press('+')
    await page.keyboard.press('0')
    await page.keyboard.press('Enter')
    await page.locator('article h1').waitFor()
    await close()
  })

  test('goes back and forth with the browser', async () => {
    const { page, close } = await openPage(browser, addresses.disk)
    await page.getByRole('navigation').getByRole('link', { name: 'customers', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'customers' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor()
    await page.goForward()
    await page.getByRole('heading', { level: 1, name: 'customers' }).waitFor()
    await page.goto(`${addresses.disk}#/node/model.shop.nobody`)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    await close()
  })

  test('loads itself again when the server tells of a change, and says why it cannot', async () => {
    const { page, close } = await openPage(browser, `${addresses.server}#/runs`)
    await page.evaluate('window.before = true')
    site.server.tellProblem('There is no model named "nobody".')
    await page.getByRole('alert').getByText('nobody').waitFor()
    site.server.tellChange()
    await expect.poll(() => page.evaluate('window.before').catch(() => true)).toBeUndefined()
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await close()
  })
})

describe.each(['light', 'dark'] as const)('axe finds nothing serious in the %s appearance', (colorScheme) => {
  test.each([
    '#/',
    '#/node/model.shop.orders',
    '#/node/exposure.shop.revenue',
    '#/graph?node=model.shop.customers',
    '#/graph?node=model.shop.best_customers&column=revenue',
    '#/runs',
    '#/tests',
    '#/findings',
    '#/search?text=orders',
  ])('%s', async (hash) => {
    const { page, close } = await openPage(browser, addresses.disk + hash, { colorScheme })
    await page.waitForTimeout(200)
    expect(await seriousProblems(page)).toEqual([])
    await close()
  })
})

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement?.textContent ?? ""')
}
