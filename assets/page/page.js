// The program of an exported page. It reads the walk from lines of text (which lines there are is
// told where they are written), puts a frame together from elements, and moves among frames. It
// keeps nothing and loads nothing.
'use strict';
const at = id => document.getElementById(id);
const root = document.documentElement;
const narrow = matchMedia('(max-width: 999px)');
const words = [
  {html: 'en', other: '中文', first: 'First step', back: 'One step back', next: 'One step on',
   last: 'Last step', play: 'Play, pause', along: 'The same step, one timestep on', 'scene-back': 'Previous scene', 'scene-next': 'Next scene',
   scrub: 'Step', theme: 'Light, dark, high contrast', help: 'Keys', phases: ['Forward', 'Loss',
   'Backward', 'Update'], chose: 'You chose ', click: 'Choose', scenes: 'Scenes', steps: 'Steps',
   close: 'Close', value: 'value', gradient: 'gradient'},
  {html: 'zh-CN', other: 'English', first: '第一步', back: '后退一步', next: '前进一步',
   last: '最后一步', play: '播放、暂停', along: '同一步骤，下一时间步', 'scene-back': '上一节', 'scene-next': '下一节',
   scrub: '步骤', theme: '浅色、深色、高对比度', help: '按键', phases: ['前向', '损失', '反向', '更新'],
   chose: '你选的是 ', click: '选择', scenes: '小节', steps: '步骤', close: '关闭', value: '值',
   gradient: '梯度'}];

// ---- what the page holds

const elements = [], pictures = [], frames = [], openings = {}, layouts = {};

function plain(text) {
  const box = document.createElement('textarea');
  box.innerHTML = text;
  return box.value;
}

function readPlace(line) {
  const [scene, place, phase, address, ...shown] = line.slice(1).split('\t');
  return {scene: Number(scene), place: place / 2, phase: Number(phase), address, said: [], asked: [],
          pictures: shown.map(p => p.split('/').map(Number))};
}

function readPanel(line) {
  const [scene, name, ...n] = line.slice(1).split('\t');
  const [left, top, width, height, w, h, narrowW, narrowH, ratio] = n.map(Number);
  (layouts[scene] ||= []).push({name, left, top, width, height, wide: `0 0 ${w} ${h}`,
                                narrow: `0 0 ${narrowW} ${narrowH}`, ratio});
}

// The walk is packed by zlib, as base64.
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(plain).text();
}

async function read() {
  let last;
  const walk = await unpack(at('walk').textContent);
  for (const line of walk.split('\n')) {
    const kind = line[0];
    if (kind === '<') elements.push(line);
    else if (kind === '=') pictures.push(line.slice(1));
    else if (kind === '%') readPanel(line);
    else if (kind === '@') frames.push(last = readPlace(line));
    else if (kind === '#') openings[(last = readPlace(line)).scene] = last;
    else if (kind === '"') last.asked.push(last.said[last.said.push(plain(line.slice(1))) - 1]);
    else if (kind === '?') last.asked[last.asked.length - 1] = plain(line.slice(1));
  }
  at('walk').remove();
  const looks = document.createElement('style');
  looks.textContent = at('looks').textContent;
  document.head.append(looks);
}

function markup(number) {
  let out = '';
  for (const run of pictures[number].split(' ')) {
    const [from, count] = run.split('+').map(Number);
    for (let i = 0; i < (count || 1); i++) out += elements[from + i];
  }
  return out;
}

// ---- showing a place

const sections = [...document.querySelectorAll('.scene')];
const scenes = [...new Set(sections.map(s => Number(s.dataset.scene)))];
const told = {}; // questions that are answered, by number
let lang = Math.max(0, words.findIndex(w => w.html === root.lang)), here, playing = 0;

const forms = scene => sections.filter(s => Number(s.dataset.scene) === scene)
  .flatMap(s => [...s.querySelectorAll('form')]);
// Does the place hide what a question asks for?
const hides = place => forms(place.scene)
  .some(f => ['number', 'sign'].includes(f.dataset.kind) && !told[f.dataset.ask]);
const clicking = () => here &&
  forms(here.scene).find(f => f.dataset.kind === 'click' && !told[f.dataset.ask]);

// The number of a panel's picture.
function pictureOf(place, panel, small) {
  const n = layouts[place.scene].length, shown = place.pictures[(2 * lang + (small ? 1 : 0)) * n + panel];
  return shown.length > 1 && hides(place) ? shown[1] : shown[0];
}

function place(figure, box) {
  figure.style.left = box.left + '%';
  figure.style.top = box.top + '%';
  figure.style.width = narrow.matches ? '' : box.width + '%';
  figure.style.height = narrow.matches ? '' : box.height + '%';
}

function showPanels() {
  const layout = layouts[here.scene] || [], size = narrow.matches ? 'narrow' : 'wide';
  for (const figure of document.querySelectorAll('#stage .panel')) {
    const k = layout.findIndex(p => p.name === figure.id);
    figure.hidden = k < 0;
    if (k < 0) continue;
    const svg = figure.querySelector('.' + size), number = pictureOf(here, k, narrow.matches);
    place(figure, layout[k]);
    svg.setAttribute('viewBox', layout[k][size]);
    if (svg.dataset.shown !== String(number)) svg.innerHTML = markup(number);
    svg.dataset.shown = number;
    figure.setAttribute('aria-label', figure.dataset[lang ? 'zh' : 'en']);
    figure.setAttribute('aria-describedby', 'said');
  }
  if (layout.length) at('stage').style.setProperty('--ratio', layout[0].ratio);
  document.querySelector('main').classList.toggle('alone', !layout.length);
  letClick();
}

function showProse() {
  for (const s of sections) s.hidden = Number(s.dataset.scene) !== here.scene;
  const n = scenes.indexOf(here.scene);
  at('scene').textContent = `${n + 1} / ${scenes.length}`;
  at('scenes').hidden = scenes.length < 2;
  at('scene-back').disabled = n <= 0;
  at('scene-next').disabled = n >= scenes.length - 1;
}

function showLine() {
  const said = (hides(here) ? here.asked : here.said)[lang];
  at('address').textContent = here.address;
  if (at('said').textContent !== said) at('said').textContent = said;
  const k = Math.max(0, Math.ceil(here.place));
  at('scrub').value = k;
  at('scrub').setAttribute('aria-valuetext', said);
  at('count').textContent = `${k + 1} / ${frames.length}`;
  at('first').disabled = at('back').disabled = !step(-1);
  at('last').disabled = at('next').disabled = !step(1);
  for (const b of at('phases').children) {
    if (Number(b.dataset.phase) === here.phase) b.setAttribute('aria-current', 'step');
    else b.removeAttribute('aria-current');
  }
}

function show(to, quiet) {
  if (!to) return;
  const before = here;
  here = to;
  showPanels();
  showProse();
  showLine();
  if (!before || before.scene !== here.scene) {
    at('prose').scrollTop = 0;
    if (before && narrow.matches && !quiet) scrollTo(0, 0);
  }
  if (!quiet) history.replaceState(null, '', '#' + here.address);
}

// ---- moving

const sceneStart = s => openings[s] || frames.find(f => f.scene === s);
const sceneBeside = way => sceneStart(scenes[scenes.indexOf(here.scene) + way]);
// Of a moment of training the page has the scenes' openings alone.
const step = way => here.address.startsWith('@') ? sceneBeside(way)
  : frames[way > 0 ? Math.floor(here.place) + 1 : Math.ceil(here.place) - 1];
const moves = {
  first: () => openings[scenes[0]] || frames[0], back: () => step(-1), next: () => step(1),
  last: () => frames[frames.length - 1],
  'scene-back': () => sceneBeside(-1), 'scene-next': () => sceneBeside(1)};

// The same equation, one timestep on: the other way in the backward phase.
function alongTime() {
  const [phase, t, ...rest] = here.address.split(':');
  const other = [phase, Number(t) + (here.phase === 2 ? -1 : 1), ...rest].join(':');
  return frames.find(f => f.address === other);
}

function go(move) {
  pause();
  show(moves[move]());
}

function pause() {
  clearTimeout(playing);
  playing = 0;
  at('play').removeAttribute('aria-pressed');
  at('play').querySelector('path').setAttribute('d', 'M7 5v14l11-7z');
}

// On by itself, as long as a sentence takes to read.
function play() {
  if (playing) return pause();
  at('play').setAttribute('aria-pressed', 'true');
  at('play').querySelector('path').setAttribute('d', 'M8 5v14M16 5v14');
  const on = () => {
    const to = step(1);
    if (!to) return pause();
    show(to);
    playing = setTimeout(on, 900 + here.said[lang].length * (lang ? 120 : 30));
  };
  playing = setTimeout(on, 300);
}

function follow() {
  const to = decodeURIComponent(location.hash.slice(1));
  const all = [...frames, ...Object.values(openings)];
  const inside = f => to && (f.address.startsWith(to + '.') || f.address.startsWith(to + ':') ||
                             f.address.startsWith(to + '['));
  const found = all.find(f => f.address === to) || frames.filter(inside).pop();
  show(found || here || moves.first(), true);
}

// ---- language and theme

function nameAll() {
  const w = words[lang];
  for (const id in moves) name(at(id), w[id]);
  for (const id of ['play', 'theme', 'help']) name(at(id), w[id]);
  at('scrub').setAttribute('aria-label', w.scrub);
  at('scenes').setAttribute('aria-label', w.scenes);
  at('controls').setAttribute('aria-label', w.steps);
  at('lang').textContent = w.other;
  at('lang').lang = words[1 - lang].html;
  for (const b of at('phases').children) b.textContent = w.phases[b.dataset.phase];
}

function name(button, text) {
  button.title = text;
  button.setAttribute('aria-label', text);
}

function speak(next) {
  lang = next;
  root.lang = words[lang].html;
  document.title = document.querySelector(`h1 [lang=${words[lang].html}]`).textContent;
  nameAll();
  show(here || moves.first(), true);
}

const themes = ['light', 'dark', 'contrast'];
let theme = root.dataset.open;
if (theme === 'light' && matchMedia('(prefers-contrast: more)').matches) theme = 'contrast';
else if (theme === 'light' && matchMedia('(prefers-color-scheme: dark)').matches) theme = 'dark';

function paint(next) {
  theme = next;
  root.dataset.theme = theme;
}

// ---- phases

function addPhases() {
  const seen = [...new Set(frames.map(f => f.phase))];
  const share = k => frames.findIndex(f => f.phase === seen[k]) / frames.length * 100;
  const color = ['accent', 'muted', 'back', 'good'];
  at('phases').hidden = seen.length < 2;
  for (const phase of seen) {
    const b = document.createElement('button');
    b.type = 'button';
    b.dataset.phase = phase;
    b.onclick = () => { pause(); show(frames.find(f => f.phase === phase)); };
    at('phases').append(b);
  }
  const stops = seen.map((phase, k) =>
    `var(--${color[phase]}) ${share(k)}% ${k + 1 < seen.length ? share(k + 1) : 100}%`);
  at('track').style.setProperty('--phases', `linear-gradient(to right, ${stops.join(', ')})`);
}

// ---- questions

const grades = {
  number: f => {
    const off = Math.abs(f.querySelector('[type=range]').value - f.dataset.value);
    const some = f.dataset.tolerance * (1 + 1e-9);
    return off <= some ? 'right' : off <= 2 * some ? 'near' : 'wrong';
  },
  click: f => f.dataset.guess === f.dataset.right ? 'right' : 'wrong',
  order: f => {
    const w = picked(f).map(b => Number(b.dataset.weight));
    return w.every((x, k) => k === 0 || w[k - 1] <= x) ? 'right' : 'wrong';
  },
  option: f => Number(f.dataset.right) >> f.querySelector(':checked').value & 1 ? 'right' : 'wrong'};
const picked = f => [...f.querySelectorAll('.pick[data-order]')]
  .sort((a, b) => a.dataset.order - b.dataset.order);

function isReady(f) {
  if (f.dataset.kind === 'number') return f.dataset.touched === 'yes';
  if (f.dataset.kind === 'click') return Boolean(f.dataset.guess);
  if (f.dataset.kind === 'order') return picked(f).length === f.querySelectorAll('.pick').length;
  return Boolean(f.querySelector(':checked'));
}

function update(f) {
  const b = f.querySelector('[type=submit]'), ready = isReady(f);
  b.dataset.unready ||= b.textContent;
  b.textContent = ready ? b.dataset.ready : b.dataset.unready;
  f.classList.toggle('ready', ready);
}

// The same form in the other language.
const twins = f => [...document.querySelectorAll(`form[data-ask="${f.dataset.ask}"]`)];

// What the author says to the answer: its own reply, else the one to all.
function replyOf(f) {
  const chosen = f.querySelector('input:checked'), n = f.dataset.kind === 'number'
    ? Number(f.querySelector('[type=range]').value > Number(f.dataset.value)) : chosen ? chosen.value : -1;
  return f.querySelector(`[data-reply="${n}"]`) ? String(n) : 'all';
}

function tell(f) {
  const grade = isReady(f) && f.dataset.right !== '0'
    ? (grades[f.dataset.kind] || grades.option)(f) : '';
  const reply = grade === 'wrong' ? replyOf(f) : '';
  told[f.dataset.ask] = true;
  for (const twin of twins(f)) {
    twin.classList.add('told');
    twin.querySelector('fieldset').disabled = true;
    for (const s of twin.querySelectorAll('[data-grade]')) s.hidden = s.dataset.grade !== grade;
    for (const p of twin.querySelectorAll('[data-reply]')) p.hidden = p.dataset.reply !== reply;
    twin.querySelector('.verdict').hidden = false;
  }
  if (f.dataset.kind === 'click') mark(f.dataset.right);
  show(here, true);
}

function again(f) {
  delete told[f.dataset.ask];
  mark('');
  for (const twin of twins(f)) {
    twin.classList.remove('told');
    twin.querySelector('fieldset').disabled = false;
    twin.querySelector('.verdict').hidden = true;
    delete twin.dataset.touched;
    delete twin.dataset.guess;
    for (const b of twin.querySelectorAll('.pick')) delete b.dataset.order;
    for (const p of twin.querySelectorAll('.clicked')) p.textContent = '';
    for (const o of twin.querySelectorAll('output')) o.textContent = '?';
    update(twin);
  }
  show(here, true);
}

function pick(b) {
  const f = b.form, n = picked(f).length;
  if (b.dataset.order) for (const p of picked(f).slice(b.dataset.order - 1)) delete p.dataset.order;
  else b.dataset.order = n + 1;
  update(f);
}

function addForm(f) {
  update(f);
  f.addEventListener('input', e => {
    if (e.target.type === 'range') {
      f.dataset.touched = 'yes';
      f.querySelector('output').textContent = e.target.value.replace('-', '−');
    }
    update(f);
  });
  f.addEventListener('click', e => { if (e.target.closest('.pick')) pick(e.target.closest('.pick')); });
  f.addEventListener('submit', e => { e.preventDefault(); tell(f); });
  f.addEventListener('reset', () => setTimeout(() => again(f)));
}

// ---- questions that want a click on the stage

// "v-c-3-1" as words.
function nameOf(ref) {
  const [, kind, id, t, unit] = ref.match(/^(.)-(.*)-(\d+)-(\d+)$/);
  return `${words[lang][kind === 'v' ? 'value' : 'gradient']} ${id}[${unit}], t = ${t}`;
}

function mark(ref) {
  for (const s of document.querySelectorAll('.chosen')) s.classList.remove('chosen');
  if (ref) for (const s of document.querySelectorAll(`rect[data-ref="${CSS.escape(ref)}"]`)) s.classList.add('chosen');
}

// Squares can be reached by the keyboard while a question asks for one.
function letClick() {
  const f = clicking();
  for (const s of document.querySelectorAll('#stage rect[data-ref]')) {
    if (!f) { s.removeAttribute('tabindex'); continue; }
    s.setAttribute('tabindex', '0');
    s.setAttribute('role', 'button');
    s.setAttribute('aria-label', nameOf(s.dataset.ref));
  }
  for (const p of document.querySelectorAll('.panel')) p.setAttribute('role', f ? 'group' : 'img');
}

function choose(target) {
  const f = clicking(), ref = f && target.closest('[data-ref]')?.dataset.ref;
  if (!ref) return;
  for (const twin of twins(f)) {
    twin.dataset.guess = ref;
    twin.querySelector('.clicked').textContent = words[lang].chose + nameOf(ref);
    update(twin);
  }
  mark(ref);
}

// ---- keys, touch, paper

const keys = {ArrowRight: 'next', ArrowLeft: 'back', Home: 'first', End: 'last',
              PageDown: 'scene-next', PageUp: 'scene-back', n: 'next', p: 'back'};
const others = {t: () => show(alongTime()), l: () => speak(1 - lang), d: () => paint(themes[(themes.indexOf(theme) + 1) % 3]),
                ' ': play, '?': () => help()};

function help() {
  const w = words[lang];
  const and = lang ? '、' : ', ';
  const rows = [['→ ←', w.next + and + w.back], ['Home, End', w.first + and + w.last],
                ['Page Down, Page Up', w['scene-next'] + and + w['scene-back']],
                ['t', w.along], [lang ? '空格' : 'Space', w.play], ['l', 'English, 中文'], ['d', w.theme], ['?', w.help]];
  at('keys').innerHTML = `<h2>${w.help}</h2><table>` + rows.map(([k, t]) =>
    `<tr><td><kbd>${k}</kbd></td><td>${t}</td></tr>`).join('') +
    `</table><form method="dialog"><button>${w.close}</button></form>`;
  at('keys').showModal();
}

document.addEventListener('keydown', e => {
  const t = e.target, own = t.closest?.('form, dialog, #scrub');
  if (e.ctrlKey || e.metaKey || e.altKey || at('keys').open) return;
  if (e.key === 'Enter' && t.closest?.('[data-ref]')) return choose(t);
  if (own && !keys[e.key]?.startsWith('scene') && !'ldt?'.includes(e.key)) return;
  if (e.key === ' ' && t.closest?.('button, summary, a')) return;
  if (keys[e.key]) go(keys[e.key]);
  else if (others[e.key]) others[e.key]();
  else return;
  e.preventDefault();
});

let start = null;
at('stage').addEventListener('touchstart', e => {
  start = e.touches.length === 1 ? e.changedTouches[0] : null;
}, {passive: true});
at('stage').addEventListener('touchend', e => {
  const end = e.changedTouches[0];
  const dx = start ? end.clientX - start.clientX : 0, dy = start ? end.clientY - start.clientY : 0;
  start = null;
  if (Math.abs(dx) > 40 && Math.abs(dx) > 2 * Math.abs(dy)) go(dx < 0 ? 'next' : 'back');
});
at('stage').addEventListener('click', e => choose(e.target));

// A page of few steps prints them all, a whole lesson the openings of its scenes.
function sheets() {
  const all = frames.length <= 40 ? frames : scenes.map(sceneStart).filter(Boolean);
  let before = -1;
  return all.map(f => {
    const sheet = document.createElement('section'), layout = layouts[f.scene] || [];
    const prose = sections.find(s => Number(s.dataset.scene) === f.scene && s.lang === words[lang].html);
    sheet.className = 'sheet' + (prose && f.scene !== before ? ' told' : '');
    if (prose && f.scene !== before) {
      sheet.append(prose.cloneNode(true));
      sheet.firstChild.hidden = false;
    }
    before = f.scene;
    const stage = layout.map((p, k) => `<figure class="panel" style="left:${p.left}%;top:${p.top}%;` +
      `width:${p.width}%;height:${p.height}%"><svg viewBox="${p.wide}">` +
      `${markup(pictureOf(f, k, false))}</svg></figure>`).join('');
    sheet.insertAdjacentHTML('beforeend', `<div class="stage" style="--ratio:${layout[0]?.ratio || 9}">` +
      `${stage}</div><p class="caption"><code></code> <span></span></p>`);
    sheet.querySelector('.caption code').textContent = f.address;
    sheet.querySelector('.caption span').textContent = (hides(f) ? f.asked : f.said)[lang];
    return sheet;
  });
}
addEventListener('beforeprint', () => at('paper').replaceChildren(...sheets()));
addEventListener('afterprint', () => at('paper').replaceChildren());

// ---- the beginning

async function begin() {
  await read();
  for (const id in moves) at(id).onclick = () => go(id);
  at('play').onclick = play;
  at('lang').onclick = () => speak(1 - lang);
  at('theme').onclick = others.d;
  at('theme').hidden = root.dataset.open === 'print';
  at('help').onclick = help;
  at('scrub').oninput = e => { pause(); show(frames[e.target.value]); };
  document.querySelectorAll('form.ask').forEach(addForm);
  if (!document.querySelector('.scene :not(nav)')) document.querySelector('main').classList.add('bare');
  addPhases();
  pause();
  paint(theme);
  speak(lang);
  follow();
  narrow.addEventListener('change', () => show(here, true));
  addEventListener('hashchange', follow);
}

begin().catch(why => {
  at('said').textContent = typeof DecompressionStream === 'undefined'
    ? 'The steps need a browser of 2023 or later. 逐步演示需要 2023 年以后的浏览器。' : String(why);
});
