// Built in place of the example's main.go: for each line, a number, so many of its connections work at once.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
)

type answer struct {
	User    string `json:"user,omitempty"`
	Session int    `json:"session,omitempty"`
	Error   string `json:"error,omitempty"`
}

func main() {
	ctx := context.Background()
	pool, err := OpenPool(ctx, os.Getenv("PGHOST"), "read-write")
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		count, _ := strconv.Atoi(lines.Text())
		answers := make([]answer, count)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				row := pool.QueryRow(ctx, "SELECT session_user, pg_backend_pid()")
				if err := row.Scan(&answers[i].User, &answers[i].Session); err != nil {
					answers[i] = answer{Error: err.Error()}
				}
			})
		}
		all.Wait()
		text, _ := json.Marshal(answers)
		fmt.Println(string(text))
	}
}
