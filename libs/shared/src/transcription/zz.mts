import { cuesOf } from './formats/cues.ts'; import { toTxt } from './formats/to-txt.ts'; import { coverageOf } from './coverage.ts';
import { findLoops } from './loops.ts';
import { readFileSync } from 'node:fs';
const w = readFileSync('/work/main/examples/reference.txt','utf8').split(/\s+/);
const segs=[]; let t=0; for(let i=0;i<2700;i++){ const ws=Array.from({length:10},(_, k)=>({word:w[(i*10+k*7)%w.length]!||'x',start:t+k*.4,end:t+k*.4+.35})); segs.push({start:t,end:t+4,text:ws.map(x=>x.word).join(' '),chunk:0,words:ws}); t+=4; }
for (const [n,f] of [['cues',()=>cuesOf(segs).length],['txt',()=>toTxt({segments:segs}).length],['cov',()=>coverageOf(segs.map(s=>[s.start,s.end-.3] as const),segs).share],['loops',()=>findLoops(segs.slice(0,80)).length]] as const){ const a=performance.now(); const r=f(); console.log(n,r,(performance.now()-a).toFixed(0)+' ms'); }
