package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Puts what was kept where $name stands.
func filledIn(value any, kept facts) any {
	switch known := value.(type) {
	case string:
		if strings.HasPrefix(known, "$") {
			return kept[known[1:]]
		}
	case []any:
		filled := make([]any, len(known))
		for index, one := range known {
			filled[index] = filledIn(one, kept)
		}
		return filled
	case facts:
		filled := facts{}
		for key, one := range known {
			filled[key] = filledIn(one, kept)
		}
		return filled
	}
	return value
}

// "~" begins a pattern; null is what is absent or empty; the client leaves out what is false; a text is also an object
// with that id.
func objectionsTo(found, expected, kept facts) []string {
	objections := []string{}
	for path, value := range expected {
		wanted, is := filledIn(value, kept), at(found, path)
		if !fits(is, wanted) {
			objections = append(objections, fmt.Sprintf("%s is %v and not %v", path, is, wanted))
		}
	}
	return objections
}

func fits(found, wanted any) bool {
	if wanted == nil {
		return found == nil || found == ""
	}
	if wanted == false {
		return found == nil || found == false
	}
	text, isText := wanted.(string)
	if !isText {
		return reflect.DeepEqual(found, wanted)
	}
	if pattern, isPattern := strings.CutPrefix(text, "~"); isPattern {
		return regexp.MustCompile(pattern).MatchString(textOf(found))
	}
	return textOf(found) == text
}

func textOf(found any) string {
	if object, isObject := found.(facts); isObject {
		return fmt.Sprint(object["id"])
	}
	return fmt.Sprint(found)
}

// Both "answer.request-id" and "data.0.amount".
func at(value any, path string) any {
	for _, key := range strings.Split(path, ".") {
		switch known := value.(type) {
		case facts:
			value = known[key]
		case []any:
			index, err := strconv.Atoi(key)
			if err != nil || index >= len(known) {
				return nil
			}
			value = known[index]
		default:
			return nil
		}
	}
	return value
}

// By the API's own names, as the client's types hold it.
func factsOf(value any) (facts, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	found := facts{}
	return found, json.Unmarshal(text, &found)
}

// Writes parameters into one of the client's structs, by the names that the client sends them under.
func fill(into reflect.Value, given facts) error {
	for name, value := range given {
		field, found := fieldOf(into, name)
		if !found {
			return fmt.Errorf("the client knows no parameter %s of %s", name, into.Type())
		}
		if err := set(field, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fieldOf(into reflect.Value, name string) (reflect.Value, bool) {
	for index := range into.NumField() {
		kind := into.Type().Field(index)
		if kind.Tag.Get("form") == name {
			return into.Field(index), true
		}
		if kind.Name == "ListParams" {
			if field, found := fieldOf(into.Field(index), name); found {
				return field, true
			}
		}
	}
	return reflect.Value{}, false
}

func set(field reflect.Value, value any) error {
	switch known := value.(type) {
	case []any:
		list := reflect.MakeSlice(field.Type(), len(known), len(known))
		for index, one := range known {
			if err := set(list.Index(index), one); err != nil {
				return err
			}
		}
		field.Set(list)
		return nil
	case facts:
		if field.Kind() != reflect.Map {
			field.Set(reflect.New(field.Type().Elem()))
			return fill(field.Elem(), known)
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, field.Addr().Interface())
}
