// Preloaded into an app (`node --import`): its wall clock is off by what the file CHAOS_CLOCK says (ms), read anew a few
// times a second, so that it can be stepped. A machine's clock that is wrong must change no number.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const RealDate = Date;
let offMs = 0;

function read() {
  offMs = Number(readFileSync(process.env.CHAOS_CLOCK, 'utf8')) || 0;
}

read();
setInterval(read, 250).unref();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offMs;
  }
};
