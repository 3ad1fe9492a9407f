// Takes messages signed the way Stripe signs: Stripe-Signature. The standard library is enough:
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
	"os"
	"strconv"
	"strings"
	"time"
)

const tolerance = 5 * time.Minute

// The key is the whole text of the secret, with its whsec_ if it has one.
var secret = []byte(os.Getenv("WEBHOOK_SECRET"))

// isGenuine reads one time, and one signature or several of them while a secret is exchanged.
func isGenuine(header string, body []byte) bool {
	stamp := ""
	var signatures [][]byte
	for _, pair := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if name == "t" && stamp == "" {
			stamp = value
		}
		if name == "v1" {
			given, _ := hex.DecodeString(value)
			signatures = append(signatures, given)
		}
	}
	sent, err := strconv.ParseUint(stamp, 10, 40)
	if err != nil || len(secret) == 0 || time.Since(time.Unix(int64(sent), 0)).Abs() > tolerance {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	expected := mac.Sum(nil)
	for _, given := range signatures {
		if hmac.Equal(expected, given) {
			return true
		}
	}
	return false
}

func receive(w http.ResponseWriter, r *http.Request) {
	// The raw bytes: a body that was parsed and written again has another signature.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if !isGenuine(r.Header.Get("Stripe-Signature"), body) {
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
