package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"
)

const webhookLimit = 20 * time.Second

type message struct {
	body      []byte
	signature string
	event     struct {
		Type string `json:"type"`
		Data struct {
			Object struct {
				ID string `json:"id"`
			} `json:"object"`
		} `json:"data"`
	}
}

type world struct {
	sandbox  string
	key      string
	kept     facts
	messages chan message
	heard    []message
}

func openWorld(sandbox, key string) (*world, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &world{sandbox: strings.TrimSuffix(sandbox, "/"), key: key, messages: make(chan message, 1_000)}
	w.kept = facts{"hook": "http://" + listener.Addr().String() + "/", "version": stripe.APIVersion}
	go func() { fail(http.Serve(listener, http.HandlerFunc(w.hear))) }()
	return w, nil
}

func (w *world) hear(_ http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	heard := message{body: body, signature: request.Header.Get("Stripe-Signature")}
	if json.Unmarshal(body, &heard.event) == nil {
		w.messages <- heard
	}
}

// What came of a step, and whether it was accepted.
func (w *world) answer(s step) (facts, bool) {
	given, _ := filledIn(s.With, w.kept).(facts)
	id := fmt.Sprint(filledIn(s.ID, w.kept))
	found, err := w.act(s, id, given)
	if err == nil {
		return found, true
	}
	var told *stripe.Error
	if !errors.As(err, &told) {
		return facts{"message": err.Error()}, false
	}
	found, err = factsOf(told)
	if err != nil {
		return facts{"message": err.Error()}, false
	}
	return found, false
}

func (w *world) act(s step, id string, given facts) (facts, error) {
	where, what, _ := strings.Cut(s.Do, ".")
	switch where {
	case "page":
		return page(id, what, given)
	case "behind":
		return w.behind("POST", id, given)
	case "webhook":
		return w.webhook(what, given)
	}
	known, found := methods[s.Do]
	if !found {
		return nil, fmt.Errorf("the client has no %s", s.Do)
	}
	account := ""
	if s.Account != "" {
		account = fmt.Sprint(filledIn(s.Account, w.kept))
	}
	return known(w.client(s.SecretKey), call{id: id, given: given, key: s.Key, account: account})
}

func (w *world) client(key string) *stripe.Client {
	if key == "" {
		key = w.key
	}
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{
		URL:               stripe.String(w.sandbox),
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	return stripe.NewClient(key, stripe.WithBackends(backends))
}

func (w *world) behind(method, path string, body any) (facts, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, w.sandbox+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+w.key)
	return sent(request)
}

func page(address, what string, given facts) (facts, error) {
	if what != "post" {
		request, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		return sent(request)
	}
	form := url.Values{}
	for name, value := range given {
		form.Set(name, fmt.Sprint(value))
	}
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return sent(request)
}

func sent(request *http.Request) (facts, error) {
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return facts{
		"status":   float64(answer.StatusCode),
		"location": answer.Header.Get("Location"),
		"text":     string(text),
	}, err
}

func (w *world) webhook(what string, given facts) (facts, error) {
	told, err := w.await(given)
	if err != nil {
		return nil, err
	}
	secret := fmt.Sprint(w.kept["secret"])
	if what == "take" {
		event, err := webhook.ConstructEvent(told.body, told.signature, secret)
		if err != nil {
			return nil, err
		}
		return factsOf(event)
	}
	_, err = webhook.ConstructEvent(told.body, told.signature, secret+"x")
	return facts{"refused": errors.Is(err, webhook.ErrNoValidSignature)}, nil
}

func (w *world) await(given facts) (message, error) {
	fits := func(one message) bool {
		return one.event.Type == given["type"] && one.event.Data.Object.ID == given["about"]
	}
	for _, one := range w.heard {
		if fits(one) {
			return one, nil
		}
	}
	limit := time.After(webhookLimit)
	for {
		select {
		case one := <-w.messages:
			w.heard = append(w.heard, one)
			if fits(one) {
				return one, nil
			}
		case <-limit:
			return message{}, fmt.Errorf("no event %v", given)
		}
	}
}
