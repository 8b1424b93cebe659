// browser.js URL MODULES [SCREENSHOTS]: uses the offices page at URL in a headless Chromium, as people do, and
// checks each page by axe-core. axe-core and playwright-core are in the folder MODULES; the book is the one
// that tests/page.bats compiles. Prints a line for each check; exits with 1 if any failed. With SCREENSHOTS, a
// folder, saves a picture of each page there.
const path = require('path');
const { readFileSync } = require('fs');

const [url, modules, screenshots] = process.argv.slice(2);
const { chromium } = require(path.join(modules, 'playwright-core'));
const axe = readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8');

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SIZES = [{ width: 320, height: 640 }, { width: 1280, height: 800 }];
const PAGES = { form: '', office: '?name=John', offices: '?name=Twin', table: '?name=Smith', many: '?name=Many',
    unknown: '?name=%3Cb%3EJoan%3C/b%3E', long: '?name=' + 'a'.repeat(300), error: '?name=' };

let failures = 0;
function check(what, holds, detail = '') {
    console.log(`${holds ? 'seen' : 'NOT SEEN'}: ${what}${holds ? '' : ` ${detail}`}`);
    failures += !holds;
}

// Returns the text below the form, one line a paragraph or row, with a bar between cells.
async function said(page) {
    return page.evaluate(() => [...document.querySelectorAll('h2, li, tr, p')].map(
        at => at.matches('tr') ? [...at.children].map(cell => cell.innerText).join(' | ') : at.innerText).join('\n'));
}

async function type(page, name) {
    await page.goto(url);
    await page.getByLabel('Whose office?').fill(name);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForURL(/name=/);
    return said(page);
}

async function words(page) {
    let got;
    const answers = { John: 'John\nC45', 'José Müller': 'José Müller\nG2', 'mUllEr, jr. & <i>': 'mUllEr, jr. & <i>\nM1',
        Twin: 'Twin\nE1\nE2', 'R&D': 'R&D\n<script>alert(1)</script> "7"' };
    for (const [name, answer] of Object.entries(answers))
        check(`${name} typed`, (got = await type(page, name)) === answer, got);
    got = await type(page, 'Smith');
    check('who might be meant, as a table',
        got === 'Who might be meant by Smith\nName | Office\nAnn Smith | D1\nBob Smith | D2', got);
    got = await type(page, '<b>Joan</b>');
    check('a name of markup, as text', got === 'Unknown name\nThe address book has nobody called <b>Joan</b>.', got);
    check('and no element of it', await page.locator('main b, main i, script').count() === 0);
    check('the name stays in the field', await page.getByLabel('Whose office?').inputValue() === '<b>Joan</b>');
    check('and is in the title', await page.title() === '<b>Joan</b> - Offices', await page.title());
    got = await type(page, 'שרה');
    check('a name from right to left', got === 'שרה\nב-12', got);
    check('in a field from right to left',
        await page.getByLabel('Whose office?').evaluate(at => getComputedStyle(at).direction) === 'rtl');
    got = await type(page, 'Many');
    check('how many more there are', got.endsWith('And 5 more. More of the name finds fewer.'), got);
    check('20 of them', await page.locator('td').count() === 40);
}

async function keyboard(page) {
    await page.goto(url);
    await page.waitForFunction(() => document.activeElement.name === 'name'); // a moment after the load
    await page.keyboard.type('John');
    await page.keyboard.press('Enter');
    await page.waitForURL(/name=John/);
    check('by the keyboard alone', await said(page) === 'John\nC45', await said(page));
    await page.keyboard.press('Tab');
    check('the first tab stop is the field', await page.evaluate(() => document.activeElement.name) === 'name');
    await page.keyboard.type('Twin');
    await page.keyboard.press('Tab');
    check('the second is the button', await page.evaluate(() => document.activeElement.innerText) === 'Find');
    check('which shows that it has the focus', await page.evaluate(
        () => parseFloat(getComputedStyle(document.activeElement).outlineWidth)) >= 2);
    await page.keyboard.press('Space');
    await page.waitForURL(/name=Twin/);
    check('and again', await said(page) === 'Twin\nE1\nE2', await said(page));
    await page.goto(url);
    await page.keyboard.press('Enter');
    check('an empty field is not sent', page.url() === url, page.url());
}

async function audit(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    check(`${what}: axe-core finds nothing`, violations.length === 0,
        violations.map(v => `${v.id}: ${v.nodes.map(n => n.html)}`).join('; '));
}

// Of each page axe-core sees both sizes and both schemes, once each: no rule of it takes both to show.
async function look(browser, colorScheme, viewport) {
    const audited = (colorScheme === 'light') === (viewport === SIZES[0]);
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    const how = `${viewport.width} ${colorScheme}`;
    for (const [name, query] of Object.entries(PAGES)) {
        await page.goto(url + query);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        check(`${how} ${name}: nothing is cut off`, wide <= viewport.width, `${wide} wide`);
        if (audited)
            await audit(page, `${how} ${name}`);
        if (screenshots)
            await page.screenshot({ path: path.join(screenshots, `${name}-${viewport.width}-${colorScheme}.png`) });
    }
    const style = await page.evaluate(() => [matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
        getComputedStyle(document.querySelector('form')).display].join());
    check(`${how}: the page's own style is applied`, style === `${colorScheme},flex`, style);
    await context.close();
}

async function bare(browser) {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByLabel('Whose office?').fill('John');
    await page.keyboard.press('Enter');
    await page.waitForURL(/name=John/);
    check('without scripts', (await page.locator('main').innerText()).includes('C45'));
    await context.close();
}

// asked: the browser's requests; complaints: its console messages.
async function converse(browser) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = [], complaints = [];
    context.on('request', request => asked.push(request.url()));
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(String(error)));
    await words(page);
    await keyboard(page);
    // Safari and Chrome offer the person's own name for a field "name", unless its id or label says that it is for a search.
    check('the field is for a search, not for the own name', /search/.test(
        await page.getByLabel('Whose office?').getAttribute('id')));
    check('the icon is in the page: a browser asks for no other', /^data:/.test(
        await page.locator('link[rel=icon]').getAttribute('href')));
    check('nothing else was asked for', asked.every(at => at.startsWith(url)), asked);
    check('nothing to complain of', complaints.every(text => /status of 404/.test(text)), complaints);
    await context.close();
}

async function main() {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
    await converse(browser);
    await bare(browser);
    for (const colorScheme of ['light', 'dark'])
        for (const viewport of SIZES)
            await look(browser, colorScheme, viewport);
    await browser.close();
}

main().catch(problem => {
    console.log(`FAILED: ${problem.stack}`);
    failures++;
}).finally(() => process.exit(failures > 0 ? 1 : 0));
