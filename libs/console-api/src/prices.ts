/** What one method costs, without VAT; `default` is every method without a line of its own. */
export interface PriceLine {
  readonly method: 'default' | 'wallet' | 'ideal' | 'card';
  /** Hundredths of a percent, decimal text: `140` is 1.4 %. */
  readonly basisPoints: string;
  readonly fixedMinor: string;
  readonly minimumMinor: string;
  readonly capMinor: string | null;
  readonly vat: {
    readonly reason: 'standard' | 'exempt' | 'reverse-charge';
    /** Decimal text: `21` is 21 %. */
    readonly percent: string;
  };
}

export interface PriceTerms {
  readonly lines: readonly PriceLine[];
  /** Whether a merchant gets its fee back with a refund. */
  readonly onRefund: 'kept' | 'returned';
}

export interface PriceVersion extends PriceTerms {
  readonly versionId: string;
  /** `standard`, or a merchant's id. */
  readonly list: string;
  readonly validFrom: string;
  readonly state: 'proposed' | 'approved' | 'rejected';
  /** Names of people. */
  readonly maker: string;
  readonly madeAt: string;
  readonly checker: string | null;
  readonly decidedAt: string | null;
  /** The reader proposed it, so somebody else has to approve it. */
  readonly isMine: boolean;
}

/** `GET /console/prices` */
export interface PriceLists {
  /** Every merchant, those with a list of their own first. */
  readonly merchants: readonly {
    readonly mchid: string;
    readonly name: string;
    readonly hasOwnList: boolean;
  }[];
  readonly proposed: readonly PriceVersion[];
}

/**
 * `GET /console/prices/:list`, newest version first. `POST /console/prices/:list/versions {validFrom, onRefund, lines}`
 * proposes one; `POST /console/prices/versions/:id/approve` and `…/reject` decide on it. All three answer a PriceVersion.
 */
export interface PriceList {
  readonly list: string;
  readonly versions: readonly PriceVersion[];
  /** The version that holds now; null: none has begun. */
  readonly inForce: string | null;
}

/** `GET /console/merchants/:mchid/prices` */
export interface MerchantPrices {
  /** `validFrom` is null for the price that holds while there is no list. */
  readonly now: PriceTerms & { readonly validFrom: string | null };
  /** What is agreed and begins later, the soonest first. */
  readonly coming: readonly (PriceTerms & { readonly validFrom: string })[];
}

/** Why a payment cost what it did. */
export interface FeeExplained {
  readonly vatMinor: string;
  readonly line: PriceLine;
  /** `standard`, or the merchant's id. */
  readonly list: string;
  readonly validFrom: string;
}
