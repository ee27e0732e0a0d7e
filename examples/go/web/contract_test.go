package web_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"twinlock-example/web"
)

// What the server has beside the contract: its own address, the sign-up that any program has, a word for load balancers.
var ownPaths = []string{"/api/", "/api/example/sign_up/", "/healthz"}

var (
	contract   = loaded()
	parameter  = regexp.MustCompile(`\{[^}]*\}`)
	everywhere = []int{http.StatusMethodNotAllowed, http.StatusInternalServerError}
)

func loaded() map[string]any {
	text, err := os.ReadFile("../../../docs/openapi.json")
	if err != nil {
		panic(err)
	}
	var found map[string]any
	if err := json.Unmarshal(text, &found); err != nil {
		panic(err)
	}
	return found
}

// The paths and methods are those of the Django app's document, all of them and no others.
func TestEveryPathOfTheContractIsServedByItsMethods(t *testing.T) {
	served := map[string][]string{}
	for path, methods := range new(web.Site).Routes() {
		if !slices.Contains(ownPaths, path) {
			served[parameter.ReplaceAllString(path, "{}")] = methods
		}
	}
	told := map[string][]string{}
	for path, operations := range contract["paths"].(map[string]any) {
		for method := range operations.(map[string]any) {
			path := parameter.ReplaceAllString(path, "{}")
			told[path] = append(told[path], strings.ToUpper(method))
		}
	}
	for path, methods := range told {
		if slices.Sort(methods); !slices.Equal(methods, served[path]) {
			t.Errorf("%s has %v, not %v", path, served[path], methods)
		}
		delete(served, path)
	}
	if len(told) < 20 || len(served) > 0 {
		t.Errorf("%d paths in the contract, and beside it %v", len(told), served)
	}
}

// complaint says how an answer differs from what the contract says of its operation; empty where it does not. Every
// answer of these tests is held to it.
func complaint(method, path string, status int, body []byte) string {
	operation := operationOf(method, path)
	if operation == nil || slices.Contains(everywhere, status) {
		return ""
	}
	responses := operation["responses"].(map[string]any)
	response, known := responses[fmt.Sprint(status)].(map[string]any)
	if !known {
		return "the contract has no such status here"
	}
	content, hasBody := response["content"].(map[string]any)
	if !hasBody || len(body) == 0 {
		if hasBody == (len(body) > 0) {
			return ""
		}
		return "the contract says otherwise about a body"
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err.Error()
	}
	return misfit(value, content["application/json"].(map[string]any)["schema"].(map[string]any), "body")
}

func operationOf(method, path string) map[string]any {
	path, _, _ = strings.Cut(path, "?")
	for pattern, operations := range contract["paths"].(map[string]any) {
		fits := "^" + parameter.ReplaceAllString(pattern, "[^/]+") + "$"
		if matched, _ := regexp.MatchString(fits, path); matched {
			operation, _ := operations.(map[string]any)[strings.ToLower(method)].(map[string]any)
			return operation
		}
	}
	return nil
}

// misfit says where a value differs from a schema (JSON Schema as OpenAPI 3.0 has it); empty where it does not. A member
// that the schema does not name is one, too.
func misfit(value any, schema map[string]any, at string) string {
	if name, is := schema["$ref"].(string); is {
		schemas := contract["components"].(map[string]any)["schemas"].(map[string]any)
		return misfit(value, schemas[strings.TrimPrefix(name, "#/components/schemas/")].(map[string]any), at)
	}
	if value == nil && schema["nullable"] == true {
		return ""
	}
	for _, one := range list(schema["allOf"]) {
		if found := misfit(value, one.(map[string]any), at); found != "" {
			return found
		}
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		if choices := list(schema[word]); len(choices) > 0 {
			return misfitAll(value, choices, at)
		}
	}
	if words := list(schema["enum"]); words != nil && !slices.Contains(words, value) {
		return fmt.Sprintf("%s is %v, none of %v", at, value, words)
	}
	switch schema["type"] {
	case "object":
		return misfitObject(value, schema, at)
	case "array":
		return misfitArray(value, schema, at)
	case nil:
		return ""
	default:
		return misfitPlain(value, schema, at)
	}
}

func misfitAll(value any, choices []any, at string) string {
	complaints := []string{}
	for _, choice := range choices {
		found := misfit(value, choice.(map[string]any), at)
		if found == "" {
			return ""
		}
		complaints = append(complaints, found)
	}
	return strings.Join(complaints, "; ")
}

func misfitObject(value any, schema map[string]any, at string) string {
	object, is := value.(map[string]any)
	if !is {
		return fmt.Sprintf("%s is %v, no object", at, value)
	}
	for _, name := range list(schema["required"]) {
		if _, there := object[name.(string)]; !there {
			return fmt.Sprintf("%s has no %v", at, name)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	others, open := schema["additionalProperties"].(map[string]any)
	for name, member := range object {
		told, known := properties[name].(map[string]any)
		if !known && !open {
			return fmt.Sprintf("%s has %q, of which the contract knows nothing", at, name)
		}
		if !known {
			told = others
		}
		if found := misfit(member, told, at+"."+name); found != "" {
			return found
		}
	}
	return ""
}

func misfitArray(value any, schema map[string]any, at string) string {
	items, is := value.([]any)
	if !is {
		return fmt.Sprintf("%s is %v, no array", at, value)
	}
	for number, item := range items {
		if found := misfit(item, schema["items"].(map[string]any), fmt.Sprintf("%s[%d]", at, number)); found != "" {
			return found
		}
	}
	return ""
}

func misfitPlain(value any, schema map[string]any, at string) string {
	fits := false
	switch schema["type"] {
	case "string":
		var text string
		if text, fits = value.(string); fits && schema["format"] == "date-time" {
			_, err := time.Parse(time.RFC3339, text)
			fits = err == nil
		}
	case "boolean":
		_, fits = value.(bool)
	case "integer":
		number, is := value.(float64)
		fits = is && number == math.Trunc(number)
	}
	if !fits {
		return fmt.Sprintf("%s is %v, no %v %v", at, value, schema["type"], schema["format"])
	}
	return ""
}

func list(found any) []any {
	all, _ := found.([]any)
	return all
}

// A checker that finds nothing proves nothing.
func TestAnAnswerThatDiffersFromTheContractIsNoticed(t *testing.T) {
	for body, fine := range map[string]bool{
		`{"sessions":[]}`: true, `{}`: false, `{"sessions":[],"more":1}`: false, `{"sessions":[{}]}`: false, `[]`: false, ``: false,
		`{"sessions":[{"id":"1","device":"","address":null,"created_at":"2026-01-01T00:00:00Z","current":true,` +
			`"last_used_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00Z"}]}`: true,
		`{"sessions":[{"id":"1","device":"","address":null,"created_at":"yesterday","current":true,` +
			`"last_used_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00Z"}]}`: false,
	} {
		if found := complaint("GET", "/api/jwt/sessions/", 200, []byte(body)); (found == "") != fine {
			t.Errorf("%s: %q", body, found)
		}
	}
	for said, status := range map[string]int{`{"detail":"x","code":"device_unknown"}`: 404, `{"detail":"x","code":"nothing"}`: 404, `{}`: 418} {
		if found := complaint("DELETE", "/api/totp/devices/1/", status, []byte(said)); (found == "") != strings.Contains(said, "unknown") {
			t.Errorf("%s: %q", said, found)
		}
	}
}
