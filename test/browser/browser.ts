import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How long a page may take to show something (ms). */
const PATIENCE_MS = 20_000;

/** Starts a real Chromium; LIVEMETER_TEST_CHROMIUM names the program. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env['LIVEMETER_TEST_CHROMIUM'] ?? USUAL_PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error('no Chromium here; on Debian: apt-get install chromium, or name one in LIVEMETER_TEST_CHROMIUM');
  }
  // Containers lack what the sandbox and the shared memory need; nothing but our own page is opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page, and what went wrong or astray in it. */
export class Visit {
  /** What it complained of. */
  readonly complaints: string[] = [];
  /** The address of everything that it loaded, and how many bytes that was. */
  readonly loaded = new Map<string, number>();

  private constructor(
    readonly page: Page,
    readonly base: string,
  ) {
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('response', (response) => {
      if (response.headers()['content-type']?.startsWith('text/event-stream') === true) return;
      void response.body().then(
        (body) => this.loaded.set(response.url(), body.length),
        () => undefined, // Of a redirection there is none.
      );
    });
  }

  /** Opens a path of a system in a browser of its own. */
  static async of(browser: Browser, base: string, path: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const visit = new Visit(await context.newPage(), base);
    await visit.page.goto(base + path);
    return visit;
  }

  /** Waits until what one reads there, white space made one, is so; fails with what it is instead. */
  async reads(selector: string, want: RegExp): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      // While another page is on its way there is nothing to read.
      const text = await this.text(selector).catch(String);
      if (want.test(text)) return;
      if (performance.now() > giveUpAt) throw new Error(`${selector} reads "${text}", not ${want}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** What one reads there, white space made one; "" where there is nothing. */
  async text(selector: string): Promise<string> {
    const parts = await this.page.locator(selector).allInnerTexts();
    return parts.join(' ').replaceAll(/\s+/g, ' ').trim();
  }

  /** The rows of a table as one reads them. */
  async rows(selector: string): Promise<string[]> {
    const rows = await this.page.locator(`${selector} tr:has(td)`).all();
    return Promise.all(rows.map(async (row) => (await row.innerText()).replaceAll(/\s+/g, ' ').trim()));
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
