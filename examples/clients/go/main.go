// Connects to the writer, and to the readers where there are any: go run .
package main

import (
	"context"
	"fmt"
	"log"
	"os"
)

func main() {
	for _, host := range []string{os.Getenv("PGHOST"), os.Getenv("PGHOST_READER")} {
		if host == "" {
			continue // there are no readers
		}
		if err := connect(context.Background(), host); err != nil {
			log.Fatal(err)
		}
	}
}

func connect(ctx context.Context, host string) error {
	pool, err := OpenPool(ctx, host, "any")
	if err != nil {
		return err
	}
	defer pool.Close()
	var user, database, of string
	row := pool.QueryRow(ctx, `SELECT session_user, current_database(), CASE WHEN pg_is_in_recovery() THEN 'a reader of ' ELSE '' END`)
	if err := row.Scan(&user, &database, &of); err != nil {
		return err
	}
	fmt.Printf("connected to %s%s as %s\n", of, database, user)
	return nil
}
