/** The sheet looks the same in every host, and follows the host's colours and type where it sets them. */
export const SHEET_STYLE = `
:host { font: 17px/1.5 var(--stuiver-font, 'Inter Variable', system-ui, sans-serif); }
dialog {
  --ink: var(--stuiver-ink, light-dark(#1d1f22, #f2f0ec));
  --paper: var(--stuiver-paper, light-dark(#ffffff, #202327));
  --soft: var(--stuiver-soft, light-dark(#55585d, #b9bcc1));
  --line: var(--stuiver-line, light-dark(#dcd6cd, #3c4046));
  --accent: var(--stuiver-accent, light-dark(#8a4b16, #e9a36b));
  --on-accent: var(--stuiver-on-accent, light-dark(#ffffff, #1d1208));
  --good: var(--stuiver-good, light-dark(#0b5d3b, #7fd6ac));
  --bad: var(--stuiver-bad, light-dark(#a51d1d, #ff9c94));
  --focus: var(--stuiver-focus, light-dark(#1a4fd6, #9db8ff));
  box-sizing: border-box;
  border: 0;
  padding: 24px;
  padding-bottom: max(24px, env(safe-area-inset-bottom));
  margin: auto auto 0;
  width: 100%;
  max-width: 28rem;
  max-height: 100dvh;
  overflow: auto;
  color: var(--ink);
  background: var(--paper);
  border-radius: 16px 16px 0 0;
  box-shadow: 0 8px 40px rgb(0 0 0 / 25%);
}
dialog:focus { outline: 0; }
dialog::backdrop { background: rgb(0 0 0 / 45%); }
@media (min-width: 36rem) { dialog { margin: auto; border-radius: 16px; } }
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: rise 160ms ease-out; }
  @keyframes rise { from { transform: translateY(24px); opacity: 0; } }
}
.head { display: grid; grid-template-columns: auto 1fr; gap: 4px 12px; align-items: center; }
.avatar {
  display: grid;
  place-items: center;
  width: 36px;
  height: 36px;
  border-radius: 50%;
  font-size: 17px;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
}
.payee { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.amount, #what { grid-column: 1 / -1; }
.amount {
  margin: 8px 0 0;
  font-size: 40px;
  line-height: 1.15;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.description, .hint { margin: 4px 0 0; color: var(--soft); font-size: 15px; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; font-size: 15px; }
li {
  display: flex;
  justify-content: space-between;
  gap: 16px;
  padding: 4px 0;
  font-variant-numeric: tabular-nums;
}
li span:first-child { overflow-wrap: anywhere; }
li span:last-child { white-space: nowrap; }
summary { cursor: pointer; min-height: 44px; line-height: 44px; font-size: 15px; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.sources { margin-top: 20px; }
.legend { margin: 0 0 4px; padding: 0; font-size: 15px; color: var(--soft); }
.source {
  display: flex;
  gap: 12px;
  align-items: center;
  min-height: 44px;
  padding: 8px 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
}
.source + .source { margin-top: 8px; }
label.source { cursor: pointer; }
.source:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.source input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); flex: none; }
.what { flex: 1; min-width: 0; }
.what small { display: block; color: var(--soft); font-size: 13px; }
.pin { margin-top: 16px; }
.pin label { display: block; font-size: 15px; }
.pin input {
  box-sizing: border-box;
  width: 100%;
  min-height: 48px;
  margin-top: 4px;
  font: inherit;
  font-size: 20px;
  letter-spacing: .3em;
  padding: 8px 12px;
  color: inherit;
  background: transparent;
  border: 1px solid var(--soft);
  border-radius: 8px;
}
.pin input[aria-invalid=true] { border-color: var(--bad); }
[hidden] { display: none !important; }
button, .button {
  box-sizing: border-box;
  min-height: 48px;
  padding: 10px 16px;
  font: inherit;
  text-align: center;
  border-radius: 8px;
  border: 1px solid transparent;
  cursor: pointer;
  text-decoration: none;
}
.actions { display: grid; gap: 8px; margin-top: 20px; }
.primary { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.secondary { background: transparent; color: inherit; border-color: var(--line); }
.link {
  min-height: 44px;
  margin: -4px -8px -4px 0;
  padding: 4px 8px;
  color: var(--accent);
  background: transparent;
  text-decoration: underline;
  text-underline-offset: 3px;
}
button[aria-disabled=true] { cursor: progress; opacity: .85; }
.message, .notice { margin: 16px 0 0; font-size: 15px; }
.message:empty, .notice:empty { margin: 0; }
.message.bad { color: var(--bad); font-weight: 600; }
.notice { color: var(--ink); font-weight: 600; }
.live .result + .message { margin-top: 8px; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.result {
  display: flex;
  gap: 12px;
  align-items: center;
  margin: 0;
  font-size: 20px;
  font-weight: 650;
}
.icon {
  display: grid;
  place-items: center;
  flex: none;
  width: 36px;
  height: 36px;
  border-radius: 50%;
  color: var(--paper);
  background: currentColor;
}
.result.good { color: var(--good); }
.result.bad { color: var(--bad); }
.result.good .icon { background: var(--good); }
.result.bad .icon { background: var(--bad); }
.spinner {
  display: inline-block;
  width: 1em;
  height: 1em;
  margin-right: 8px;
  vertical-align: -0.15em;
  border-radius: 50%;
  border: 2px solid currentColor;
  border-right-color: transparent;
}
@media (prefers-reduced-motion: no-preference) {
  .spinner { animation: turn 800ms linear infinite; }
  @keyframes turn { to { transform: rotate(1turn); } }
}
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`;
