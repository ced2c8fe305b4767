// Takes the steps of ../story.json with Stripe's own client for Go, and prints one line of JSON for each.
//
//	story STORY_FILE SANDBOX_URL SECRET_KEY
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/stripe/stripe-go/v85"
)

type facts = map[string]any

type outcome struct {
	Expect facts `json:"expect"`
	Error  facts `json:"error"`
}

type step struct {
	outcome
	Name      string             `json:"name"`
	Do        string             `json:"do"`
	ID        string             `json:"id"`
	With      facts              `json:"with"`
	Key       string             `json:"key"`
	Account   string             `json:"account"`
	SecretKey string             `json:"secretKey"`
	Twice     bool               `json:"twice"`
	Keep      map[string]string  `json:"keep"`
	ByVersion map[string]outcome `json:"byVersion"`
}

type report struct {
	Name       string   `json:"name"`
	Objections []string `json:"objections"`
}

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: story STORY_FILE SANDBOX_URL SECRET_KEY"))
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	var steps []step
	if err := json.Unmarshal(text, &steps); err != nil {
		fail(err)
	}
	world, err := openWorld(os.Args[2], os.Args[3])
	if err != nil {
		fail(err)
	}
	out := json.NewEncoder(os.Stdout)
	for _, one := range steps {
		if err := out.Encode(report{one.Name, world.take(one)}); err != nil {
			fail(err)
		}
	}
}

func (w *world) take(s step) []string {
	if s.Twice {
		return w.takeTwice(s)
	}
	wanted := s.outcome
	version := strings.Split(stripe.APIVersion, ".")
	if special, found := s.ByVersion[version[len(version)-1]]; found {
		wanted = special
	}
	found, ok := w.answer(s)
	for name, path := range s.Keep {
		w.kept[name] = at(found, path)
	}
	if ok != (wanted.Error == nil) {
		return []string{fmt.Sprintf("accepted is %v: %v", ok, found)}
	}
	if ok {
		return objectionsTo(found, wanted.Expect, w.kept)
	}
	return objectionsTo(found, wanted.Error, w.kept)
}

// Both at once: the first answer is the error, the other the expected one.
func (w *world) takeTwice(s step) []string {
	answers := make(chan facts, 2)
	for range 2 {
		go func() {
			found, _ := w.answer(s)
			answers <- found
		}()
	}
	first := <-answers
	if _, err := w.behind("DELETE", "/_test/faults", nil); err != nil {
		return []string{err.Error()}
	}
	objections := objectionsTo(first, s.Error, w.kept)
	return append(objections, objectionsTo(<-answers, s.Expect, w.kept)...)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
