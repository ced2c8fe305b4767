package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/stripe/stripe-go/v85"
)

type call struct {
	id      string
	given   facts
	key     string
	account string
}

type method func(*stripe.Client, call) (facts, error)

// The client's own methods, by the names of the steps.
var methods = map[string]method{
	"accounts.create": plain(func(c *stripe.Client) plainCall[stripe.AccountCreateParams, *stripe.Account] {
		return c.V1Accounts.Create
	}),
	"accounts.retrieve": byID(func(c *stripe.Client) idCall[stripe.AccountRetrieveParams, *stripe.Account] {
		return c.V1Accounts.GetByID
	}),
	"accountLinks.create": plain(func(c *stripe.Client) plainCall[stripe.AccountLinkCreateParams, *stripe.AccountLink] {
		return c.V1AccountLinks.Create
	}),
	"balance.retrieve": plain(func(c *stripe.Client) plainCall[stripe.BalanceRetrieveParams, *stripe.Balance] {
		return c.V1Balance.Retrieve
	}),
	"balanceTransactions.list": list(func(c *stripe.Client) listCall[stripe.BalanceTransactionListParams, *stripe.BalanceTransaction] {
		return c.V1BalanceTransactions.List
	}),
	"events.list": list(func(c *stripe.Client) listCall[stripe.EventListParams, *stripe.Event] {
		return c.V1Events.List
	}),
	"events.retrieve": byID(func(c *stripe.Client) idCall[stripe.EventRetrieveParams, *stripe.Event] {
		return c.V1Events.Retrieve
	}),
	"paymentIntents.create": plain(func(c *stripe.Client) plainCall[stripe.PaymentIntentCreateParams, *stripe.PaymentIntent] {
		return c.V1PaymentIntents.Create
	}),
	"paymentIntents.retrieve": byID(func(c *stripe.Client) idCall[stripe.PaymentIntentRetrieveParams, *stripe.PaymentIntent] {
		return c.V1PaymentIntents.Retrieve
	}),
	"paymentIntents.update": byID(func(c *stripe.Client) idCall[stripe.PaymentIntentUpdateParams, *stripe.PaymentIntent] {
		return c.V1PaymentIntents.Update
	}),
	"paymentIntents.confirm": byID(func(c *stripe.Client) idCall[stripe.PaymentIntentConfirmParams, *stripe.PaymentIntent] {
		return c.V1PaymentIntents.Confirm
	}),
	"paymentIntents.cancel": byID(func(c *stripe.Client) idCall[stripe.PaymentIntentCancelParams, *stripe.PaymentIntent] {
		return c.V1PaymentIntents.Cancel
	}),
	"payouts.create": plain(func(c *stripe.Client) plainCall[stripe.PayoutCreateParams, *stripe.Payout] {
		return c.V1Payouts.Create
	}),
	"payouts.retrieve": byID(func(c *stripe.Client) idCall[stripe.PayoutRetrieveParams, *stripe.Payout] {
		return c.V1Payouts.Retrieve
	}),
	"payouts.list": list(func(c *stripe.Client) listCall[stripe.PayoutListParams, *stripe.Payout] {
		return c.V1Payouts.List
	}),
	"refunds.create": plain(func(c *stripe.Client) plainCall[stripe.RefundCreateParams, *stripe.Refund] {
		return c.V1Refunds.Create
	}),
	"refunds.list": list(func(c *stripe.Client) listCall[stripe.RefundListParams, *stripe.Refund] {
		return c.V1Refunds.List
	}),
	"transfers.create": plain(func(c *stripe.Client) plainCall[stripe.TransferCreateParams, *stripe.Transfer] {
		return c.V1Transfers.Create
	}),
	"transferReversals.create": byID(func(c *stripe.Client) idCall[stripe.TransferReversalCreateParams, *stripe.TransferReversal] {
		return func(ctx context.Context, id string, params *stripe.TransferReversalCreateParams) (*stripe.TransferReversal, error) {
			params.ID = &id
			return c.V1TransferReversals.Create(ctx, params)
		}
	}),
	"webhookEndpoints.create": plain(func(c *stripe.Client) plainCall[stripe.WebhookEndpointCreateParams, *stripe.WebhookEndpoint] {
		return c.V1WebhookEndpoints.Create
	}),
	"webhookEndpoints.retrieve": byID(func(c *stripe.Client) idCall[stripe.WebhookEndpointRetrieveParams, *stripe.WebhookEndpoint] {
		return c.V1WebhookEndpoints.Retrieve
	}),
	"webhookEndpoints.delete": byID(func(c *stripe.Client) idCall[stripe.WebhookEndpointDeleteParams, *stripe.WebhookEndpoint] {
		return c.V1WebhookEndpoints.Delete
	}),
}

type plainCall[P, R any] func(context.Context, *P) (R, error)
type idCall[P, R any] func(context.Context, string, *P) (R, error)
type listCall[P, R any] func(context.Context, *P) *stripe.V1List[R]

func plain[P, R any](of func(*stripe.Client) plainCall[P, R]) method {
	return func(client *stripe.Client, c call) (facts, error) {
		params, err := paramsOf[P](c)
		if err != nil {
			return nil, err
		}
		return answered(of(client)(context.Background(), params))
	}
}

func byID[P, R any](of func(*stripe.Client) idCall[P, R]) method {
	return func(client *stripe.Client, c call) (facts, error) {
		params, err := paramsOf[P](c)
		if err != nil {
			return nil, err
		}
		return answered(of(client)(context.Background(), c.id, params))
	}
}

// Every page, as far as the client turns them by itself.
func list[P, R any](of func(*stripe.Client) listCall[P, R]) method {
	return func(client *stripe.Client, c call) (facts, error) {
		params, err := paramsOf[P](c)
		if err != nil {
			return nil, err
		}
		data, ids := []any{}, []any{}
		for one, err := range of(client)(context.Background(), params).All(context.Background()) {
			if err != nil {
				return nil, err
			}
			found, err := factsOf(one)
			if err != nil {
				return nil, err
			}
			data, ids = append(data, found), append(ids, found["id"])
		}
		return facts{"data": data, "count": float64(len(data)), "ids": ids}, nil
	}
}

func paramsOf[P any](c call) (*P, error) {
	params := new(P)
	into := reflect.ValueOf(params).Elem()
	if c.key != "" {
		into.FieldByName("IdempotencyKey").Set(reflect.ValueOf(&c.key))
	}
	if c.account != "" {
		into.FieldByName("StripeAccount").Set(reflect.ValueOf(&c.account))
	}
	return params, fill(into, c.given)
}

func answered(result any, err error) (facts, error) {
	if err != nil {
		return nil, err
	}
	found, err := factsOf(result)
	if err != nil {
		return nil, err
	}
	last, isResponse := reflect.ValueOf(result).Elem().FieldByName("LastResponse").Interface().(*stripe.APIResponse)
	if !isResponse || last == nil {
		return nil, fmt.Errorf("the client keeps no answer")
	}
	found["answer"] = headersOf(last.Header)
	return found, nil
}

func headersOf(header http.Header) facts {
	found := facts{}
	for name := range header {
		found[strings.ToLower(name)] = header.Get(name)
	}
	return found
}
