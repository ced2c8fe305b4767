/** The sheet brings its own style: it looks the same in every host, and follows the host's colours where it sets them. */
export const SHEET_STYLE = `
:host { font: 17px/1.5 var(--stuiver-font, 'Inter Variable', system-ui, sans-serif); }
dialog {
  --ink: var(--stuiver-ink, light-dark(#1d1f22, #f2f0ec));
  --paper: var(--stuiver-paper, light-dark(#ffffff, #202327));
  --soft: light-dark(#55585d, #b9bcc1); --line: light-dark(#dcd6cd, #3c4046);
  --accent: light-dark(#8a4b16, #e9a36b); --on-accent: light-dark(#ffffff, #1d1208);
  --good: light-dark(#0b5d3b, #7fd6ac); --bad: light-dark(#a51d1d, #ff9c94);
  color-scheme: light dark;
  box-sizing: border-box;
  border: 0;
  padding: 24px;
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
dialog::backdrop { background: rgb(0 0 0 / 45%); }
@media (min-width: 36rem) { dialog { margin: auto; border-radius: 16px; } }
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: rise 160ms ease-out;
  } @keyframes rise { from { transform: translateY(24px);
  opacity: 0;
  } }
}
.payee { margin: 0; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; }
.amount {
  margin: 4px 0 0;
  font-size: 40px;
  line-height: 1.15;
  font-weight: 650;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.description, .hint { margin: 4px 0 0; color: var(--soft); font-size: 15px; overflow-wrap: anywhere; }
ul { list-style: none; margin: 12px 0 0; padding: 0; font-size: 15px; }
li {
  display: flex;
  justify-content: space-between;
  gap: 16px;
  padding: 4px 0;
  font-variant-numeric: tabular-nums;
}
summary { cursor: pointer; min-height: 32px; font-size: 15px; margin-top: 12px; }
fieldset { border: 0; margin: 20px 0 0; padding: 0; min-width: 0; }
legend { font-size: 15px; color: var(--soft); padding: 0; margin-bottom: 4px; }
.source {
  display: flex;
  gap: 12px;
  align-items: center;
  min-height: 44px;
  padding: 8px 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  margin-top: 8px;
  cursor: pointer;
}
.source:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.source input { width: 20px; height: 20px; margin: 0; accent-color: var(--accent); flex: none; }
.source small { display: block; color: var(--soft); font-size: 13px; }
.pin { margin-top: 16px; } .pin label { display: block; font-size: 15px; }
.pin input {
  box-sizing: border-box;
  width: 100%;
  min-height: 48px;
  font: inherit;
  font-size: 20px;
  letter-spacing: .3em;
  padding: 8px 12px;
  color: inherit;
  background: transparent;
  border: 1px solid var(--soft);
  border-radius: 8px;
}
[hidden] { display: none !important; }
button, .button {
  box-sizing: border-box;
  display: block;
  width: 100%;
  min-height: 48px;
  margin-top: 16px;
  padding: 10px 16px;
  font: inherit;
  text-align: center;
  border-radius: 8px;
  border: 1px solid transparent;
  cursor: pointer;
  text-decoration: none;
}
.primary { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.secondary { background: transparent; color: inherit; border-color: var(--line); margin-top: 8px; }
button:disabled { cursor: progress; opacity: .85; }
.message { margin: 16px 0 0; font-size: 15px; } .message.bad { color: var(--bad); font-weight: 600; }
.result { display: flex; gap: 12px; align-items: flex-start; margin: 0; font-size: 20px; font-weight: 650; }
.result.good { color: var(--good); } .result.bad { color: var(--bad); }
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
  .spinner { animation: turn 800ms linear infinite;
  } @keyframes turn { to { transform: rotate(1turn);
  } }
}
:focus-visible { outline: 3px solid light-dark(#1a4fd6, #9db8ff); outline-offset: 2px; }
`;
