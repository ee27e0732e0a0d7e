package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/big"
	"mime"
	"net/http"
	"slices"
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
	kind     kind
	// What a word may be.
	words []string
}

// kind is what a field takes; text where nothing is said.
type kind int

const (
	_     kind = iota
	word       // one of a few
	whole      // a number, as digits
	truth      // true or false, in JSON or as the words that a form sends
)

const isRequired = "This field is required."

// yes is what a field of truth holds where it is true.
const yes = "true"

// What the contract says about fields.
const (
	codeMax      = 12
	backupMax    = 64
	challengeMax = 2048
	tokenMax     = 8192
	nameMax      = 254
	passwordMax  = 255
	sentMax      = 32
	// The engine takes longer names of devices; this is the contract's.
	deviceNameMax = 64
	numberMax     = 1000
	jsonType      = "application/json"
)

// text is what a field holds after the checks; given is false for an optional one that was left out.
type text struct {
	value string
	given bool
}

// texted are the fields of a request by name.
type texted = map[string]text

// parsed reads the body of a request and checks its fields: the texts by name, or the contract's 400, 413 or 415.
func parsed(r *http.Request, fields ...field) (texted, error) {
	body, err := object(r)
	if err != nil {
		return nil, err
	}
	return checked(body, fields)
}

// parsedMaybe takes a JSON null, too, which says as much as no body.
func parsedMaybe(r *http.Request, fields ...field) (texted, error) {
	body, err := object(r)
	if errors.Is(err, errNoData) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return checked(body, fields)
}

func checked(body map[string]any, fields []field) (texted, error) {
	found := make(texted, len(fields))
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
			wrong[field.name] = []string{isRequired}
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return found, nil
}

// check checks the value of a field of any kind.
func (f field) check(value any) (checked string, complaints []string) {
	if value == nil {
		return "", []string{"This field may not be null."}
	}
	switch f.kind {
	case whole:
		return checkWhole(value)
	case truth:
		return checkTruth(value)
	case word:
		f.longest = math.MaxInt
		if checked, complaints = f.checkText(value); len(complaints) == 0 && !slices.Contains(f.words, checked) {
			complaints = []string{"Must be one of: " + strings.Join(f.words, ", ") + "."}
		}
		return checked, complaints
	default:
		return f.checkText(value)
	}
}

// checkWhole takes a whole number, or its digits.
func checkWhole(value any) (string, []string) {
	digits, isText := value.(string)
	if number, isNumber := value.(json.Number); isNumber && !strings.ContainsAny(number.String(), ".eE") {
		digits, isText = number.String(), true
	}
	if len(digits) > numberMax {
		return "", []string{"String value too large."}
	}
	digits = strings.TrimSpace(digits)
	if _, fine := new(big.Int).SetString(digits, 10); !isText || !fine {
		return "", []string{"A valid integer is required."}
	}
	return digits, nil
}

var truths = map[string]string{"t": yes, "y": yes, "yes": yes, "true": yes, "on": yes, "1": yes,
	"f": "", "n": "", "no": "", "false": "", "off": "", "0": ""}

func checkTruth(value any) (string, []string) {
	said := ""
	switch value := value.(type) {
	case bool:
		said = strconv.FormatBool(value)
	case string:
		said = strings.ToLower(value)
	}
	found, known := truths[said]
	if !known {
		return "", []string{"Must be a valid boolean."}
	}
	return found, nil
}

// checkText takes text, and a whole number as its digits, as clients send codes both ways.
func (f field) checkText(value any) (checked string, complaints []string) {
	switch value := value.(type) {
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

// errNoData is what is wrong with a JSON null.
var errNoData = errors.Join(fieldErrors{"non_field_errors": {"No data provided"}})

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
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != jsonType {
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
		return nil, errNoData
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
