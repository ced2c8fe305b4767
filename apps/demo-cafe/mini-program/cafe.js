// The café's page: an ordinary mini-program. It knows `wx` and its own server, nothing of wallets or banks.
/* global wx */

// Where our server is was written beside this page when it was installed.
const { server } = await (await fetch('cafe.json')).json();
const euro = new Intl.NumberFormat('nl-NL', { style: 'currency', currency: 'EUR' });
const counts = new Map();
const byId = (id) => document.getElementById(id);
let menu = [];
let session;
let order;

async function call(path, body) {
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
  if (!answer.ok) throw new Error(content.message);
  return content;
}

/** Signed in without a form: the host's code becomes a session with our own server. */
async function signIn() {
  const { code } = await wx.login();
  session = (await call('/session', { code })).session;
}

function drawMenu() {
  byId('menu').replaceChildren(
    ...menu.map((item) => {
      const output = document.createElement('output');
      output.textContent = String(counts.get(item.id) ?? 0);
      const step = (sign, label) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = sign;
        button.setAttribute('aria-label', `${item.name}: ${label}`);
        button.addEventListener('click', () => {
          const next = Math.min(
            20,
            Math.max(0, (counts.get(item.id) ?? 0) + (sign === '+' ? 1 : -1)),
          );
          counts.set(item.id, next);
          output.textContent = String(next);
          drawTotal();
        });
        return button;
      };
      const row = document.createElement('li');
      row.dataset.item = item.id;
      const name = Object.assign(document.createElement('span'), {
        className: 'name',
        textContent: item.name,
      });
      const price = Object.assign(document.createElement('span'), {
        className: 'price',
        textContent: euro.format(item.priceMinor / 100),
      });
      const count = Object.assign(document.createElement('span'), { className: 'count' });
      count.append(step('−', 'minder'), output, step('+', 'meer'));
      row.append(name, price, count);
      return row;
    }),
  );
}

function drawTotal() {
  const total = menu.reduce((sum, item) => sum + item.priceMinor * (counts.get(item.id) ?? 0), 0);
  byId('total').textContent = total === 0 ? '' : `Totaal ${euro.format(total / 100)}`;
  byId('pay').disabled = total === 0;
}

async function pay() {
  byId('pay').disabled = true;
  say('');
  try {
    const items = [...counts]
      .filter(([, quantity]) => quantity > 0)
      .map(([id, quantity]) => ({ id, quantity }));
    const placed = await call('/orders', { session, items });
    order = placed.number;
    wx.requestPayment({
      ...placed.payment,
      success: () => void showReceipt(),
      fail: ({ errMsg }) => {
        if (errMsg.indexOf('cancel') > -1) say('Geannuleerd. Er is niets afgeschreven.');
        else if (errMsg === 'requestPayment:fail pending') void showReceipt();
        else say(`Niet betaald (${errMsg}).`);
      },
      complete: ({ errMsg }) => {
        document.body.dataset.outcome = errMsg;
        drawTotal();
      },
    });
  } catch (error) {
    say(error.message);
    drawTotal();
  }
}

/** What our server knows, not what the sheet said. */
async function showReceipt() {
  const number = order;
  byId('receipt').hidden = false;
  for (let looks = 0; looks < 60 && number === order; looks += 1) {
    const receipt = await call(`/orders/${number}?session=${session}`);
    drawReceipt(receipt);
    if (receipt.paid && receipt.notified) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
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
  try {
    drawReceipt(await call(`/orders/${order}/refund`, { session, part }));
  } catch (error) {
    say(error.message);
  }
}

function say(text) {
  byId('message').textContent = text;
}

byId('pay').addEventListener('click', () => void pay());
byId('half').addEventListener('click', () => void refund('half'));
byId('rest').addEventListener('click', () => void refund('rest'));

menu = (await call('/menu')).items;
drawMenu();
try {
  await signIn();
  document.body.dataset.ready = 'true';
} catch {
  say('Inloggen is niet gelukt. Open het café opnieuw.');
}
