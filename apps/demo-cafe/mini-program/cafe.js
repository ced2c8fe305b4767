// The café's page: an ordinary mini-program. It knows `wx` and its own server, nothing of wallets or banks.
/* global wx */

// Where our server is was written beside this page when it was installed.
const { server } = await (await fetch('cafe.json')).json();
const euro = new Intl.NumberFormat('nl-NL', { style: 'currency', currency: 'EUR' });
const QUANTITY_MAX = 20;
const LOOKS_MAX = 60;
const LOOK_AGAIN_MS = 500;
const counts = new Map();
const byId = (id) => document.getElementById(id);
let menu = [];
let session;
let order;

async function send(path, body) {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
  const answer = await fetch(new URL(path, server), init);
  const content = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(content.message), { status: answer.status });
  return content;
}

/** Signed in without a form: the host's code becomes a session with our own server. */
async function signIn() {
  const { code } = await wx.login();
  session = (await send('/session', { code })).session;
}

/** As the visitor. Our server forgets sessions when it restarts; then we sign in again, unseen. */
async function call(work) {
  try {
    return await work();
  } catch (error) {
    if (error.status !== 401) throw error;
    await signIn();
    return work();
  }
}

const show = (number) => call(() => send(`/orders/${number}?session=${session}`));
const place = (items) => call(() => send('/orders', { session, items }));
const giveBack = (part) => call(() => send(`/orders/${order}/refund`, { session, part }));

function drawMenu() {
  byId('menu').replaceChildren(...menu.map(menuRow));
}

function menuRow(item) {
  const row = document.createElement('li');
  row.dataset.item = item.id;
  const name = element('span', 'name', item.name);
  name.append(element('span', 'price', euro.format(item.priceMinor / 100)));
  row.append(name, counter(item));
  return row;
}

function counter(item) {
  const box = element('span', 'count');
  const output = document.createElement('output');
  const draw = () => {
    const count = counts.get(item.id) ?? 0;
    output.textContent = String(count);
    box.classList.toggle('none', count === 0);
  };
  const step = (by, sign, label) => {
    const button = element('button', '', sign);
    button.type = 'button';
    button.setAttribute('aria-label', `${item.name}: ${label}`);
    button.addEventListener('click', () => {
      const next = (counts.get(item.id) ?? 0) + by;
      counts.set(item.id, Math.min(QUANTITY_MAX, Math.max(0, next)));
      draw();
      drawTotal();
    });
    return button;
  };
  box.append(step(-1, '−', 'minder'), output, step(1, '+', 'meer'));
  draw();
  return box;
}

function element(tag, className, text = '') {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function drawTotal() {
  const total = menu.reduce((sum, item) => sum + item.priceMinor * (counts.get(item.id) ?? 0), 0);
  byId('total').textContent = total === 0 ? '' : euro.format(total / 100);
  byId('pay').disabled = total === 0;
}

async function pay() {
  byId('pay').disabled = true;
  say('');
  try {
    const items = [...counts]
      .filter(([, quantity]) => quantity > 0)
      .map(([id, quantity]) => ({ id, quantity }));
    const placed = await place(items);
    order = placed.number;
    wx.requestPayment({
      ...placed.payment,
      success: () => void showReceipt(),
      fail: ({ errMsg }) => {
        if (errMsg.indexOf('cancel') > -1) say('Geannuleerd. Er is niets afgeschreven.');
        else if (errMsg === 'requestPayment:fail pending') void showReceipt();
        else say(`Niet betaald (${errMsg.replace('requestPayment:fail ', '')}).`);
      },
      complete: ({ errMsg }) => {
        document.body.dataset.outcome = errMsg;
        drawTotal();
      },
    });
  } catch {
    say('De bestelling is niet gelukt. Probeer het nog eens.');
    drawTotal();
  }
}

/** What our server knows, not what the sheet said. */
async function showReceipt() {
  const number = order;
  byId('receipt').hidden = false;
  for (let looks = 0; looks < LOOKS_MAX && number === order; looks += 1) {
    const receipt = await show(number).catch(() => undefined);
    if (receipt !== undefined) drawReceipt(receipt);
    if (receipt?.paid && receipt.notified) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function drawReceipt({ number, total, paid, notified, refunded }) {
  const words = paid ? `Betaald: ${euro.format(total / 100)}.` : 'De betaling is nog bezig.';
  const back = refunded > 0 ? ` Terugbetaald: ${euro.format(refunded / 100)}.` : '';
  byId('receipt-text').textContent = `${words}${back}`;
  Object.assign(byId('receipt').dataset, { number, paid, notified, refunded });
  byId('half').hidden = !paid || refunded > 0;
  byId('rest').hidden = !paid || refunded >= total;
  if (paid && notified && counts.size > 0) {
    counts.clear();
    drawMenu();
    drawTotal();
  }
}

async function refund(part) {
  say('');
  try {
    drawReceipt(await giveBack(part));
  } catch {
    say('Terugbetalen is niet gelukt. Probeer het nog eens.');
  }
}

function say(text) {
  byId('message').textContent = text;
}

byId('pay').addEventListener('click', () => void pay());
byId('half').addEventListener('click', () => void refund('half'));
byId('rest').addEventListener('click', () => void refund('rest'));

try {
  menu = (await send('/menu')).items;
  drawMenu();
  await signIn();
  document.body.dataset.ready = 'true';
} catch {
  say('Het café is even niet bereikbaar. Open het zo nog eens.');
}
