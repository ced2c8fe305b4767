import { Html, html, page } from './html.js';
import { type Lang, textOf } from './staff-texts.js';

const NOTHING = new Html('');

function problem(text: string | null): Html {
  return text === null ? NOTHING : html`<p class="problem" role="alert" id="problem">${text}</p>`;
}

/** What screen readers say with a field when something was wrong with it. */
function described(text: string | null): Html {
  return new Html(text === null ? '' : ' aria-invalid="true" aria-describedby="problem"');
}

export function loginPage(lang: Lang, given: { email: string; problem: string | null }): string {
  const wrong = described(given.problem);
  // After a wrong password the address is mostly right.
  const [atEmail, atPassword] = given.email === '' ? [' autofocus', ''] : ['', ' autofocus'];
  const body = html`${problem(given.problem)}
    <form method="post">
      <label for="email">${textOf(lang, 'email')}</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="username"
        required
        maxlength="254"
        value="${given.email}"
        ${wrong}${new Html(atEmail)}
      />
      <label for="password">${textOf(lang, 'password')}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        maxlength="256"
        ${wrong}${new Html(atPassword)}
      />
      <button type="submit">${textOf(lang, 'signIn')}</button>
    </form>`;
  return page({ lang, title: textOf(lang, 'signInTo'), body });
}

export function invitationPage(
  lang: Lang,
  given: { token: string; name: string; email: string; problem: string | null },
): string {
  const { token, name, email } = given;
  const body = html`${problem(given.problem)}
    <p>${textOf(lang, 'chooseFor', { name, email })}</p>
    <form method="post" action="/staff/invitation">
      <input type="hidden" name="token" value="${token}" />
      <input type="hidden" name="username" autocomplete="username" value="${email}" />
      <label for="password">${textOf(lang, 'password')}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="new-password"
        required
        minlength="12"
        maxlength="128"
        autofocus${described(given.problem)}
      />
      <p class="hint">${textOf(lang, 'chooseHint')}</p>
      <button type="submit">${textOf(lang, 'save')}</button>
    </form>`;
  return page({ lang, title: textOf(lang, 'choose'), body });
}

type Message = 'over' | 'refused' | 'provider' | 'unknown' | 'linkUsed';

/** @param detail  instead of the message's own words. */
export function messagePage(lang: Lang, message: Message, detail?: string): string {
  const again =
    message === 'linkUsed'
      ? NOTHING
      : html`<p><a href="/staff/sign-in">${textOf(lang, 'again')}</a></p>`;
  const body = html`<p>${detail ?? textOf(lang, `${message}Text`)}</p>
    ${again}`;
  return page({ lang, title: textOf(lang, message), body });
}
