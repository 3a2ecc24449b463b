import { readFile } from 'node:fs/promises'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, openPage, seriousProblems } from './browser.ts'
import { SALES } from './sales.ts'
import { type ServedSite, serveProject } from './served-site.ts'

let browser: Browser
let site: ServedSite
let addresses: ServedSite['addresses']

beforeAll(async () => {
  browser = await openBrowser()
  site = await serveProject(SALES, [[]])
  addresses = site.addresses
})

afterAll(async () => {
  await site.close()
  await browser.close()
})

describe.each(['disk', 'server'] as const)('the reports of the site, opened from the %s', (from) => {
  test('a reader finds a report, chooses a customer and shares what is shown', async () => {
    const { page, close } = await openPage(browser, addresses[from], { locale: 'pt-BR' })
    await page.getByRole('navigation').getByRole('link', { name: 'Relatórios' }).click()
    await page.getByRole('link', { name: /^Painel/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Painel' }).waitFor()
    await page.getByText('Cliente: escolha um para ver isto.').waitFor()
    await page.getByLabel('Cliente').selectOption('Acme')
    await page.getByText('120.000').first().waitFor()
    expect(await page.locator('.figures').innerText()).toBe('Mensagens\n120.000\nÚltima\n04/02/2020 23:19:59')
    expect(await page.locator('.bar-list').innerText()).toMatch(/Acme\s+120\.000\s+Bruno\s+10/)
    const shared = page.url()
    expect(new URL(shared).hash).toBe('#/reports/panel?customer_id=7')
    await page.goto('about:blank')
    await page.goto(shared)
    await page.getByText('04/02/2020 23:19:59').waitFor()
    await page.getByRole('button', { name: 'Limpar os filtros' }).click()
    await page.getByText('Cliente: escolha um para ver isto.').waitFor()
    await close()
  })

  test('a shared report does not ask for a choice that its address has, while the choices are read', async () => {
    const { page, close } = await openPage(browser, addresses[from])
    const hold = Promise.withResolvers<void>()
    await page.route('**/choices-1.js*', async (route) => {
      await hold.promise
      await route.continue()
    })
    await page.goto(`${addresses[from]}#/reports/panel?customer_id=7`)
    await page.getByText('Loading…').first().waitFor()
    expect(await page.getByText('choose one to see this').count()).toBe(0)
    hold.resolve()
    await page.getByText('120,000').first().waitFor()
    await close()
  })

  test('says which run published what it shows', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/billing`)
    const publication = page.locator('.publication').first()
    await publication.waitFor()
    expect(await publication.innerText()).toMatch(/^bills · Published .* by run [0-9a-f]{8}$/)
    await publication.getByRole('link').last().click()
    await page.getByRole('heading', { name: /^Run of/ }).waitFor()
    await close()
  })

  test('money, numbers and days are those of the language, with all their digits', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/billing`, { locale: 'pt-BR' })
    const rows = page.locator('.report-table tbody tr')
    await rows.first().waitFor()
    expect(await cells(page)).toEqual([
      ['03/02/2020', 'Acme', 'R$ 1.000,00', '25.000'],
      ['04/02/2020', 'Acme', 'R$ 1.234,50', '30.000'],
      ['04/02/2020', 'Bruno', 'R$ 0,10', '3'],
      ['06/02/2020', 'Bruno', '', '9.007.199.254.740.993'],
    ])
    await page.getByLabel('Idioma').selectOption('en')
    await expect.poll(async () => (await cells(page))[0]).toEqual(['Feb 3, 2020', 'Acme', 'R$1,000.00', '25,000'])
    await close()
  })

  test('a table is sorted, searched and filtered by days', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/billing`)
    const customers = async () => (await cells(page)).map(([, customer, amount]) => [customer, amount])
    await page.getByRole('button', { name: 'Amount' }).click()
    expect(await page.getByRole('columnheader', { name: 'Amount' }).getAttribute('aria-sort')).toBe('ascending')
    expect(await customers()).toEqual([
      ['Bruno', 'R$0.10'],
      ['Acme', 'R$1,000.00'],
      ['Acme', 'R$1,234.50'],
      ['Bruno', ''],
    ])
    await page.getByRole('button', { name: 'Amount' }).click()
    expect((await customers())[0]).toEqual(['Acme', 'R$1,234.50'])
    await page.getByLabel('Customer').selectOption('Bruno')
    await expect.poll(customers).toEqual([
      ['Bruno', 'R$0.10'],
      ['Bruno', ''],
    ])
    await page.getByRole('textbox', { name: 'from' }).fill('2020-02-05')
    await expect.poll(customers).toEqual([['Bruno', '']])
    expect(new URL(page.url()).hash).toBe('#/reports/billing?customer=Bruno&billed_on=2020-02-05..')
    await page.getByRole('textbox', { name: 'to' }).fill('2020-02-05')
    await page.getByText('No row is what was chosen.').waitFor()
    await close()
  })

  test('a chart is drawn, and says the same as a table', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/billing`)
    const chart = page.getByRole('img', { name: /^By day: a chart of 3 points/ })
    await chart.locator('canvas').waitFor()
    const box = (await chart.locator('canvas').boundingBox())!
    expect(box.height).toBeGreaterThan(200)
    await page.getByRole('button', { name: 'As a table' }).click()
    await expect.poll(async () => (await cells(page, 1)).length).toBe(4)
    await page.getByRole('button', { name: 'As a chart' }).click()
    await chart.locator('canvas').waitFor()
    await close()
  })

  test('many rows come page by page, and are searched when the reader asks for all of them', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/details?customer_id=7`)
    await page.getByText('1–50 of 120,000').waitFor()
    expect((await cells(page))[0]).toEqual(['0', 'Olá', 'Feb 3, 2020 14:00:00', '***@example.com'])
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByText('51–100 of 120,000').waitFor()
    expect((await cells(page))[0]![0]).toBe('50')
    await page.getByLabel('Search: payload').fill('FATURA')
    await page.getByRole('button', { name: 'Read all 120,000 rows' }).click()
    await page.getByText('1–50 of 120', { exact: true }).waitFor()
    expect((await cells(page)).map(([id]) => id).slice(0, 2)).toEqual(['5', '1005'])
    await close()
  })

  test('what is exported is what "lavra report" writes', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/details?customer_id=9`)
    const csv = await exported(page, 'Export Messages as CSV')
    expect(csv.name).toBe('details-messages-9.csv')
    const report = ['report', 'details', '--filter', 'customer_id=9', '--quiet', '--format']
    expect(csv.text).toBe((await site.project.lavra(...report, 'csv')).text)
    expect(csv.text.split('\r\n')[1]).toBe('120000,Olá,2020-02-04T23:20:00,***@example.com')
    await page.goto(`${addresses[from]}#/reports/billing?customer=Bruno`)
    await page.getByText('0.10').waitFor()
    const json = await exported(page, 'Export Bills as JSON')
    const bills = ['report', 'billing', '--panel', 'bills', '--filter', 'customer=Bruno', '--quiet', '--format']
    expect(json.text).toBe((await site.project.lavra(...bills, 'json')).text)
    expect(json.text).toContain('"amount": 0.10, "sent": 3}')
    expect(json.text).toContain('9007199254740993')
    await close()
  })

  test('a model with a relation for each value has a panel for each of them', async () => {
    const { page, close } = await openPage(browser, `${addresses[from]}#/reports/flows`)
    await page.getByRole('heading', { name: 'Flow Bruno' }).waitFor()
    expect(await page.locator('main h2').allInnerTexts()).toEqual(['Flow Acme', 'Flow Bruno'])
    const headings = page.locator('table').getByRole('columnheader')
    expect(await headings.allInnerTexts()).toEqual(['session', 'flow', 'happy', 'session', 'flow'])
    await close()
  })
})

describe('a report', () => {
  test('is reached from the page of its exposure', async () => {
    const { page, close } = await openPage(browser, `${addresses.disk}#/node/exposure.shop.billing`)
    await page.getByRole('link', { name: 'Open the report' }).click()
    await page.getByRole('heading', { level: 1, name: 'Cobrança' }).waitFor()
    await expect.poll(() => page.title()).toBe('Cobrança · shop')
    await page.goto(`${addresses.disk}#/reports/nobody`)
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    await page.goto(`${addresses.disk}#/reports/details?customer_id=1`)
    await page.getByText('There is nothing for this choice.').waitFor()
    await close()
  })

  test('that was made again while it is open offers to load the page again, and never shows rows of both', async () => {
    const { page, close } = await openPage(browser, `${addresses.disk}#/reports/details?customer_id=7`)
    await page.getByText('1–50 of 120,000').waitFor()
    await site.project.lavra('docs', 'generate')
    for (let rows = 50; rows <= 2000; rows += 50) await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByText(/rows-2\.js cannot be read/).waitFor()
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.getByText('1–50 of 120,000').waitFor()
    await close(/ERR_FILE_NOT_FOUND/)
  })

  test('fits a phone', async () => {
    const { page, close } = await openPage(browser, addresses.disk, { viewport: { width: 360, height: 740 } })
    for (const hash of [
      '#/reports',
      '#/reports/panel?customer_id=7',
      '#/reports/billing',
      '#/reports/details?customer_id=9',
    ]) {
      await page.goto(addresses.disk + hash)
      await page.waitForTimeout(300)
      const width = () => page.evaluate('document.documentElement.scrollWidth')
      await expect.poll(async () => [hash, await width()]).toEqual([hash, 360])
    }
    await close()
  })

  test('can be used with the keyboard alone', async () => {
    const { page, close } = await openPage(browser, `${addresses.disk}#/reports/billing`)
    await page.getByLabel('Customer').focus()
    await page.keyboard.press('A')
    await expect.poll(() => new URL(page.url()).hash).toBe('#/reports/billing?customer=Acme')
    await page.getByRole('button', { name: 'Export Bills as JSON' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe('Bills')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('columnheader', { name: 'Day' }).getAttribute('aria-sort')).toBe('ascending')
    await close()
  })
})

describe.each(['light', 'dark'] as const)(
  'axe finds nothing serious in reports in the %s appearance',
  (colorScheme) => {
    test.each([
      '#/reports',
      '#/reports/panel',
      '#/reports/panel?customer_id=7',
      '#/reports/billing',
      '#/reports/details?customer_id=7',
      '#/reports/flows',
    ])('%s', async (hash) => {
      const { page, close } = await openPage(browser, addresses.disk + hash, { colorScheme })
      await page.waitForTimeout(400)
      expect(await seriousProblems(page)).toEqual([])
      await close()
    })
  },
)

async function cells(page: Page, table = 0): Promise<readonly (readonly string[])[]> {
  const rows = page.locator('.report-table').nth(table).locator('tbody tr')
  await rows.first().waitFor()
  return Promise.all((await rows.all()).map((row) => row.locator('td').allInnerTexts()))
}

async function exported(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const coming: Promise<Download> = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const download = await coming
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}
