import { Controller, Get, Header } from '@nestjs/common';

/** The pages' style sheet: a file of its own, so that they need no inline style. */
@Controller()
export class SettlementStyleController {
  @Get('settlements.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  style(): string {
    return STYLE;
  }
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 'Inter Variable', system-ui, sans-serif; }
body { margin: 0; background: light-dark(#faf8f5, #16181b); color: light-dark(#1d1f22, #f2f0ec); }
main { box-sizing: border-box; width: min(64rem, 100%); margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 28px; margin: 0 0 16px; }
a { color: light-dark(#8a4b16, #e9a36b); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 8px; border-bottom: 1px solid light-dark(#dcd6cd, #34383d); }
.amount { text-align: right; white-space: nowrap; }
.wide { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
code { font-size: 13px; overflow-wrap: anywhere; }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 0 16px; border: 0; border-radius: 8px; cursor: pointer;
  background: light-dark(#8a4b16, #e9a36b); color: light-dark(#fff, #1d1208); }
form { margin: 0 0 24px; }
:focus-visible { outline: 3px solid light-dark(#1a4fd6, #9db8ff); outline-offset: 2px; }
`;
