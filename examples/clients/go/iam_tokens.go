package main

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/rds/auth"
)

// IamTokens has tokens for new connections to one host, since a token is good for no other. RDS does not throttle logins
// that repeat a token, but takes about 200 new ones a second.
type IamTokens struct {
	Endpoint, Region, User string // the endpoint with its port
	Credentials            aws.CredentialsProvider

	lock      sync.Mutex
	token     string
	goodUntil time.Time
}

// Get returns a token that logs in now: one is used for ten minutes, or until a minute before the credentials end.
func (t *IamTokens) Get(ctx context.Context) (string, error) {
	t.lock.Lock() // one signing at a time
	defer t.lock.Unlock()
	if time.Now().Before(t.goodUntil) {
		return t.token, nil
	}
	goodUntil := time.Now().Add(10 * time.Minute)
	identity, err := t.Credentials.Retrieve(ctx)
	if err != nil {
		return "", err
	}
	if end := identity.Expires.Add(-time.Minute); identity.CanExpire && end.Before(goodUntil) {
		goodUntil = end
	}
	token, err := auth.BuildAuthToken(ctx, t.Endpoint, t.Region, t.User, credentials.StaticCredentialsProvider{Value: identity})
	if err == nil {
		t.token, t.goodUntil = token, goodUntil
	}
	return token, err
}

// Drop is to be called after a refused login (SQLSTATE 28...): the next connection gets a token signed anew.
func (t *IamTokens) Drop() {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.goodUntil = time.Time{}
}
