// Program load prepares users for the Go server and posts second steps to any server that speaks the contract.
//
//	load seed --database FILE-OR-URL --keys-file FILE --users N >steps   one "challenge secret" a line
//	load seed --ids …                                                    "id secret" instead, for floor
//	load floor --database FILE-OR-URL --listen 127.0.0.1:8080            serves what any second step costs
//	load run --url http://127.0.0.1:8080 --connections 16 <steps         posts each with a fresh code
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fatal("name what to do: seed, floor or run")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	var err error
	switch os.Args[1] {
	case "seed":
		database := flags.String("database", "", "SQLite `file` or URL")
		keys := flags.String("keys-file", "", "`file` with the key ring")
		users := flags.Int("users", 1000, "`number` of users")
		ids := flags.Bool("ids", false, "print ids in place of challenges")
		_ = flags.Parse(os.Args[2:])
		err = seed(*database, *keys, *users, *ids)
	case "floor":
		database := flags.String("database", "", "SQLite `file` or URL")
		listen := flags.String("listen", "127.0.0.1:8080", "`address` to serve at")
		_ = flags.Parse(os.Args[2:])
		err = floor(*database, *listen)
	case "run":
		url := flags.String("url", "", "the server's `address`")
		connections := flags.Int("connections", 16, "`number` of clients at once")
		first := flags.Int("first", 0, "`number` of steps before the clock starts")
		var names contract
		flags.StringVar(&names.path, "path", "/api/jwt/totp/verify/", "`path` of the second step")
		flags.StringVar(&names.challenge, "challenge", "totp_challenge_token", "`name` of the challenge's field")
		flags.StringVar(&names.code, "code", "otp_code", "`name` of the code's field")
		_ = flags.Parse(os.Args[2:])
		err = run(*url, names, *connections, *first)
	default:
		err = fmt.Errorf("%q is none of seed, floor and run", os.Args[1])
	}
	if err != nil {
		fatal(err)
	}
}

func fatal(why any) {
	fmt.Fprintln(os.Stderr, "error:", why)
	os.Exit(1)
}
