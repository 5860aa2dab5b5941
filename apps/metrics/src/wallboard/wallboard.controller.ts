import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemError, problemOf } from '../http/problem.js';
import { WALLBOARD_PAGE, WALLBOARD_POLICY } from './page.js';
import { WALLBOARD_STYLE } from './style.js';

const CHART = join(createRequire(import.meta.url).resolve('uplot'), '..');

/** The modules of the page, as the build makes them from `client/`. */
const MODULES = ['main', 'board', 'chart', 'drawer', 'feed', 'format', 'watches'];

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** The wallboard at `/`, with all that it loads. */
@Controller()
export class WallboardController {
  @Get()
  page(@Res() reply: FastifyReply): void {
    void reply.header('content-security-policy', WALLBOARD_POLICY).header('referrer-policy', 'no-referrer');
    send(reply, 'text/html; charset=utf-8', WALLBOARD_PAGE);
  }

  @Get('wallboard/style.css')
  style(@Res() reply: FastifyReply): void {
    send(reply, STYLE, WALLBOARD_STYLE);
  }

  @Get('wallboard/uplot.js')
  chart(@Res() reply: FastifyReply): void {
    send(reply, SCRIPT, readFileSync(join(CHART, 'uPlot.iife.min.js'), 'utf8'));
  }

  @Get('wallboard/uplot.css')
  chartStyle(@Res() reply: FastifyReply): void {
    send(reply, STYLE, readFileSync(join(CHART, 'uPlot.min.css'), 'utf8'));
  }

  @Get('wallboard/client/:module')
  module(@Param('module') file: string, @Res() reply: FastifyReply): void {
    if (!MODULES.some((name) => file === `${name}.js`)) throw new ProblemError(problemOf(404));
    send(reply, SCRIPT, readFileSync(join(import.meta.dirname, 'client', file), 'utf8'));
  }
}

function send(reply: FastifyReply, type: string, text: string): void {
  void reply
    .header('content-type', type)
    .header('cache-control', 'private, no-cache')
    .header('x-content-type-options', 'nosniff')
    .send(text);
}
