import { Controller, Get, Inject, Param } from '@nestjs/common';
import { Refusal } from '@stuiver/errors';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import type { MiniProgram } from '../../../use-cases/ports.js';
import { PostgresDirectory } from '../../postgres/directory.js';

/** What can be opened here. Public: a link or a QR code brings people who have no session yet. */
@Controller('wallet/mini-programs')
export class MiniProgramsController {
  constructor(
    @Inject(PostgresDirectory) private readonly directory: PostgresDirectory,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get()
  async list(): Promise<object> {
    const programs = await this.directory.miniPrograms();
    return { items: programs.map((program) => this.shown(program)) };
  }

  @Get(':appid')
  async get(@Param('appid') appid: string): Promise<object> {
    const program = await this.directory.miniProgram(appid);
    if (program === undefined) throw new Refusal('NOT_FOUND', { appid });
    return this.shown(program);
  }

  private shown({ appid, name, description }: MiniProgram): object {
    return {
      appid,
      name,
      description,
      link: `/m/${appid}`,
      frame_url: this.options.frameUrlOf(appid),
    };
  }
}
