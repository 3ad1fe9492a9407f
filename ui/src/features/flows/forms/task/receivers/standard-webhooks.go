// Takes messages signed by Standard Webhooks. The standard library is enough:
//
//	WEBHOOK_SECRET='whsec_…' PORT=3000 go run receiver.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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

// What follows whsec_ is the key in base64.
var key, keyError = base64.StdEncoding.DecodeString(
	strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))

func isGenuine(headers http.Header, body []byte) bool {
	id, stamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	sent, err := strconv.ParseUint(stamp, 10, 40)
	if err != nil || id == "" || keyError != nil || len(key) == 0 {
		return false
	}
	if time.Since(time.Unix(int64(sent), 0)).Abs() > tolerance {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	expected := mac.Sum(nil)
	// There may be several while a secret is exchanged, and newer versions beside v1.
	for _, each := range strings.Fields(headers.Get("webhook-signature")) {
		version, text, _ := strings.Cut(each, ",")
		given, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(expected, given) {
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
	if !isGenuine(r.Header, body) {
		http.Error(w, "the signature does not fit", http.StatusUnauthorized)
		return
	}
	// The same webhook-id again is the same message: handle it once.
	fmt.Println("genuine:", r.Header.Get("webhook-id"), string(body))
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
