import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ProblemError, problemOf } from '../http/problem.js';
import { ENTRY_ID, readIds, readQuarantineQuery } from './quarantine-query.js';
import { Quarantine } from './quarantine.js';

type Parameters = Readonly<Record<string, unknown>>;

/**
 * What was set aside, whosever it is. An entry whose account is not known is seen only here, so this is for those who may
 * see every account. What changes something wants a JSON body, which no foreign page can send unasked.
 */
@Controller('v1/quarantine')
export class QuarantineController {
  constructor(@Inject(Quarantine) private readonly quarantine: Quarantine) {}

  @Get()
  list(@Query() parameters: Parameters) {
    return this.quarantine.list(readQuarantineQuery(parameters));
  }

  @Get('types')
  types() {
    return this.quarantine.unknownTypes();
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return this.quarantine.one(checkedId(id), null);
  }

  @Post('replay')
  @HttpCode(200)
  replay(@Body() body: unknown) {
    return this.quarantine.replay(readIds(body), null);
  }

  @Post('drop')
  @HttpCode(200)
  drop(@Body() body: unknown) {
    return this.quarantine.drop(readIds(body), null);
  }
}

/** The same for one account: what names it in the header of its request, or failed at one of its entities. */
@Controller('v1/accounts/:account/quarantine')
export class AccountQuarantineController {
  constructor(@Inject(Quarantine) private readonly quarantine: Quarantine) {}

  @Get()
  list(@Param('account') account: string, @Query() parameters: Parameters) {
    const query = readQuarantineQuery(parameters);
    return this.quarantine.list({ ...query, filter: { ...query.filter, accountId: account } });
  }

  @Get(':id')
  one(@Param('account') account: string, @Param('id') id: string) {
    return this.quarantine.one(checkedId(id), account);
  }

  @Post('replay')
  @HttpCode(200)
  replay(@Param('account') account: string, @Body() body: unknown) {
    return this.quarantine.replay(readIds(body), account);
  }

  @Post('drop')
  @HttpCode(200)
  drop(@Param('account') account: string, @Body() body: unknown) {
    return this.quarantine.drop(readIds(body), account);
  }
}

function checkedId(id: string): string {
  if (ENTRY_ID.test(id)) return id;
  throw new ProblemError(problemOf(404, { detail: 'There is no such entry.' }));
}
