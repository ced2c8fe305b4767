import { button, el } from './dom.js';
import { spinner } from './sheet-views.js';

interface Action {
  readonly label: string;
  readonly on: () => void;
  /** Shows progress in place; it keeps the focus and does nothing. */
  readonly busy?: boolean;
}

/** The sheet's two buttons. They stay while what they do changes, so whoever stands on one keeps standing. */
export class ActionBar {
  private onPrimary: (() => void) | undefined;
  private onSecondary: (() => void) | undefined;
  readonly primary = button('', 'primary', () => this.onPrimary?.());
  readonly secondary = button('', 'secondary', () => this.onSecondary?.());
  /** Takes the place of the first button when there is somewhere to go. */
  readonly link = el('a', { class: 'button primary', target: '_blank', rel: 'noreferrer' });
  readonly element = el('div', { class: 'actions' }, this.primary, this.link, this.secondary);

  set(actions: {
    primary?: Action;
    secondary: Action;
    link?: { label: string; url: string };
  }): void {
    const { primary, secondary, link } = actions;
    show(this.primary, primary);
    show(this.secondary, secondary);
    this.onPrimary = primary?.busy === true ? undefined : primary?.on;
    this.onSecondary = secondary.busy === true ? undefined : secondary.on;
    this.link.hidden = link === undefined;
    this.link.textContent = link?.label ?? '';
    if (link === undefined) this.link.removeAttribute('href');
    else this.link.href = link.url;
  }
}

function show(element: HTMLButtonElement, action: Action | undefined): void {
  element.hidden = action === undefined;
  const busy = action?.busy === true;
  element.setAttribute('aria-disabled', String(busy));
  element.replaceChildren(...(busy ? [spinner()] : []), action?.label ?? '');
}
