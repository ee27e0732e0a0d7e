package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// No request needs more than a few kilobytes.
const bodyLimit = 64 * 1024

// field is one text of a request's body.
type field struct {
	name       string
	longest    int
	optional   bool
	mayBeBlank bool
	// A password keeps its outer spaces: they are part of it.
	verbatim bool
}

// What the contract says about fields.
const (
	codeMax      = 12
	backupMax    = 64
	challengeMax = 2048
	tokenMax     = 8192
	nameMax      = 254
	passwordMax  = 255
)

// text is what a field holds after the checks; given is false for an optional one that was left out.
type text struct {
	value string
	given bool
}

// parsed reads the body of a request and checks its fields: the texts by name, or the contract's 400, 413 or 415.
func parsed(r *http.Request, fields ...field) (map[string]text, error) {
	body, err := object(r)
	if err != nil {
		return nil, err
	}
	found := make(map[string]text, len(fields))
	wrong := fieldErrors{}
	for _, field := range fields {
		value, given := body[field.name]
		switch {
		case given:
			checked, complaints := field.check(value)
			if found[field.name] = (text{checked, true}); len(complaints) > 0 {
				wrong[field.name] = complaints
			}
		case !field.optional:
			wrong[field.name] = []string{"This field is required."}
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return found, nil
}

// check takes text, and a whole number as its digits, as clients send codes both ways.
func (f field) check(value any) (checked string, complaints []string) {
	switch value := value.(type) {
	case nil:
		return "", []string{"This field may not be null."}
	case string:
		checked = value
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "", []string{"Not a valid string."}
		}
		checked = value.String()
	default:
		return "", []string{"Not a valid string."}
	}
	if !f.verbatim {
		checked = strings.TrimSpace(checked)
	}
	if checked == "" && !f.mayBeBlank {
		return "", []string{"This field may not be blank."}
	}
	if utf8.RuneCountInString(checked) > f.longest {
		complaints = append(complaints, "Ensure this field has no more than "+strconv.Itoa(f.longest)+" characters.")
	}
	if strings.ContainsRune(checked, 0) {
		complaints = append(complaints, "Null characters are not allowed.")
	}
	return checked, complaints
}

// object reads a JSON object. A body that is not there is an empty one.
func object(r *http.Request) (map[string]any, error) {
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, errBodyTooLarge
	}
	if err != nil {
		return nil, errMalformed
	}
	if len(body) == 0 {
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, unsupported(r.Header.Get("Content-Type"))
	}
	if !utf8.Valid(body) {
		return nil, errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.Decode(new(any)) != io.EOF {
		return nil, errNotJSON
	}
	return asObject(value)
}

func asObject(value any) (map[string]any, error) {
	kind := ""
	switch value := value.(type) {
	case map[string]any:
		return value, nil
	case nil:
		return nil, fieldErrors{"non_field_errors": {"No data provided"}}
	case []any:
		kind = "list"
	case string:
		kind = "str"
	case bool:
		kind = "bool"
	case json.Number:
		if kind = "int"; strings.ContainsAny(value.String(), ".eE") {
			kind = "float"
		}
	}
	return nil, fieldErrors{"non_field_errors": {"Invalid data. Expected a dictionary, but got " + kind + "."}}
}
