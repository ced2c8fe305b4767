import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard } from '@stuiver/http';
import { PostgresDirectory } from '../../postgres/directory.js';

/** `GET /operator/mini-programs/:appid/package`: where whoever serves pages finds the files of a packaged one. */
@Controller('operator/mini-programs')
@UseGuards(OperatorGuard)
export class PackageController {
  constructor(@Inject(PostgresDirectory) private readonly directory: PostgresDirectory) {}

  /** @param appid  in any case: host names know none. */
  @Get(':appid/package')
  async get(@Param('appid') appid: string): Promise<{ appid: string; source: string }> {
    const found = await this.directory.packageOf(appid);
    if (found === undefined) throw new Refusal('NOT_FOUND', { appid });
    return found;
  }
}
