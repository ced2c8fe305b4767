import '@fontsource-variable/inter';
import './tokens.css';
import './style.css';
import './forms.css';
import './program.css';
import './console.css';
import './console-parts.css';
import './counter.css';
import { MiniProgramFrame, PaySheet } from '@stuiver/host';
import { render } from 'preact';
import { App } from './app.js';

customElements.define('stuiver-sheet', PaySheet);
customElements.define('stuiver-frame', MiniProgramFrame);

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
