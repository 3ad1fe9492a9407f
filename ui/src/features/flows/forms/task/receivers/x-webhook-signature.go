// Takes messages signed with X-Webhook-Signature. The standard library is enough:
//
//	WEBHOOK_SECRET='…' PORT=3000 go run receiver.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"time"
)

const tolerance = 5 * time.Minute

var (
	secret    = []byte(os.Getenv("WEBHOOK_SECRET"))
	signature = regexp.MustCompile(`^t=([0-9]{1,15}),sha256=([0-9a-f]{64})$`)
)

// isGenuine wants the body as it came; for GET and DELETE it wants the absolute URL.
func isGenuine(header string, content []byte) bool {
	parts := signature.FindStringSubmatch(header)
	if parts == nil || len(secret) == 0 {
		return false
	}
	sent, _ := strconv.ParseInt(parts[1], 10, 64)
	if time.Since(time.UnixMilli(sent)).Abs() > tolerance {
		return false
	}
	given, _ := hex.DecodeString(parts[2])
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(parts[1] + "."))
	mac.Write(content)
	return hmac.Equal(mac.Sum(nil), given)
}

// signedURL is the absolute URL. Behind a proxy, PUBLIC_URL is the address that the sender calls.
func signedURL(r *http.Request) []byte {
	base, err := url.Parse(os.Getenv("PUBLIC_URL"))
	if err != nil || base.Host == "" {
		base = &url.URL{Scheme: "http", Host: r.Host}
	}
	return []byte(base.ResolveReference(r.URL).String())
}

func receive(w http.ResponseWriter, r *http.Request) {
	// The raw bytes: a body that was parsed and written again has another signature.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	content := body
	if r.Method == http.MethodGet || r.Method == http.MethodDelete {
		content = signedURL(r)
	}
	if !isGenuine(r.Header.Get("X-Webhook-Signature"), content) {
		http.Error(w, "the signature does not fit", http.StatusUnauthorized)
		return
	}
	fmt.Println("genuine:", string(body))
	w.WriteHeader(http.StatusNoContent)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on port", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, http.HandlerFunc(receive)))
}
