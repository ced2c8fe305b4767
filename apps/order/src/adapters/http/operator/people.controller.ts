import { Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { LedgerUnavailable } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, validText } from '@stuiver/http';
import { ErasePerson } from '../../../use-cases/erase-person.js';

const USER_ID = /^usr_[0-9a-z]{26}$/;

/** `POST /operator/people/{user_id}/erase`: for ever. The same again says when it was done. */
@Controller('operator/people')
@UseGuards(OperatorGuard)
export class OperatorPeopleController {
  constructor(@Inject(ErasePerson) private readonly erasePerson: ErasePerson) {}

  @Post(':userId/erase')
  @HttpCode(200)
  async erase(@Param('userId') text: string): Promise<object> {
    const userId = validText(text, {
      ...{ field: 'user_id', pattern: USER_ID, says: 'must be a payer’s id', location: 'path' },
    });
    try {
      const { erasedAt, now } = await this.erasePerson.run(userId);
      return { user_id: userId, erased_at: erasedAt.toISOString(), now };
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      const rule = 'the ledger does not answer: it is carried on by itself once it does';
      throw new Refusal('SERVICE_UNAVAILABLE', { rule }, { cause: error });
    }
  }
}
