package twinlock_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What another function does as well, with an argument more.
var covered = map[string]bool{
	"twinlock_engine_begin_enrollment": true,
	"twinlock_engine_begin_sign_in":    true,
	// FinishSignInToSession gives the proof, too, which this takes the place of.
	"twinlock_engine_with_session": true,
	"twinlock_pending_session":     true,
}

func TestEveryFunctionOfTheHeaderIsThereInGo(t *testing.T) {
	header := string(must(os.ReadFile(filepath.Join("..", "..", "include", "twinlock.h"))))
	var source strings.Builder
	for _, name := range must(filepath.Glob("*.go")) {
		source.Write(must(os.ReadFile(name)))
	}
	functions := regexp.MustCompile(`(?m)^(?:TWINLOCK_MUST_USE )?(?:int32_t|void) (twinlock_\w+)\(`).FindAllStringSubmatch(header, -1)
	if len(functions) < 80 {
		t.Fatalf("only %d functions", len(functions))
	}
	for _, function := range functions {
		if !covered[function[1]] && !strings.Contains(source.String(), "C."+function[1]+"(") {
			t.Errorf("%s is not called", function[1])
		}
	}
	for _, option := range regexp.MustCompile(`#define (TWINLOCK_(?:OPT|ANSWER|SIGN_IN|TOKEN|DEVICE|ALGORITHM|FIELD)_\w+) `).FindAllStringSubmatch(header, -1) {
		if option[1] != "TWINLOCK_ANSWER_NONE" && !regexp.MustCompile(`C\.`+option[1]+`\b`).MatchString(source.String()) {
			t.Errorf("%s is not there", option[1])
		}
	}
}
