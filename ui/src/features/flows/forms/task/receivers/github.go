// Takes messages signed the way GitHub signs: X-Hub-Signature-256. The standard library is enough:
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
	"strings"
)

var secret = []byte(os.Getenv("WEBHOOK_SECRET"))

func isGenuine(header string, body []byte) bool {
	algorithm, text, _ := strings.Cut(header, "=")
	given, err := hex.DecodeString(text)
	if algorithm != "sha256" || err != nil || len(secret) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), given)
}

func receive(w http.ResponseWriter, r *http.Request) {
	// The raw bytes: a body that was parsed and written again has another signature.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if !isGenuine(r.Header.Get("X-Hub-Signature-256"), body) {
		http.Error(w, "the signature does not fit", http.StatusUnauthorized)
		return
	}
	// No time is signed: whoever recorded a message can send it again. Remember what you have handled.
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
