// Connects with pgx and runs statements one by one; `rest` waits. Prints what goes wrong.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

func main() {
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, "") // libpq's variables say the rest
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close(ctx)
	for _, statement := range os.Args[1:] {
		if statement == "rest" {
			time.Sleep(time.Second)
		} else if _, err := connection.Exec(ctx, statement); err != nil {
			log.Fatal(err)
		}
	}
}
