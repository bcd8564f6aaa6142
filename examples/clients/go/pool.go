// A pool of pgx that logs in by IAM.
//
// After a failover: a connection that rested for over a second is pinged before it is used; with "read-write" none is opened to
// what is a reader now; and one that finds its server read-only (SQLSTATE 25006) is closed.
//
// What it does not do: the query that was cut off, or found the server read-only, fails, and is yours to repeat. Through RDS
// Proxy, prepared statements pin: set DefaultQueryExecMode to pgx.QueryExecModeExec there.
package main

import (
	"context"
	"net"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// OpenPool returns a pool for one host, PGHOST or PGHOST_READER, with connections to servers that are "read-write", or "any".
// pgx reads PGPORT, PGDATABASE, PGUSER, PGSSLMODE and PGSSLROOTCERT by itself.
func OpenPool(ctx context.Context, host, servers string) (*pgxpool.Pool, error) {
	aws, err := config.LoadDefaultConfig(ctx) // on EKS, the ServiceAccount's IAM role
	if err != nil {
		return nil, err
	}
	endpoint := net.JoinHostPort(host, os.Getenv("PGPORT"))
	tokens := &IamTokens{Endpoint: endpoint, Region: aws.Region, User: os.Getenv("PGUSER"), Credentials: aws.Credentials}

	pool, err := pgxpool.ParseConfig("connect_timeout=5 host=" + host + " target_session_attrs=" + servers)
	if err != nil {
		return nil, err
	}
	pool.MaxConns = 5
	pool.MaxConnLifetime = 10 * time.Minute
	pool.MaxConnLifetimeJitter = 5 * time.Minute
	pool.BeforeConnect = func(ctx context.Context, connection *pgx.ConnConfig) (err error) {
		connection.Password, err = tokens.Get(ctx)
		return err
	}
	closedByFatal := pool.ConnConfig.OnPgError
	pool.ConnConfig.OnPgError = func(connection *pgconn.PgConn, refused *pgconn.PgError) bool {
		if strings.HasPrefix(refused.Code, "28") {
			tokens.Drop()
		}
		return refused.Code != "25006" && closedByFatal(connection, refused) // false closes the connection
	}
	return pgxpool.NewWithConfig(ctx, pool)
}
