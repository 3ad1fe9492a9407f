//! Behind a real nginx that ends TLS, with the configuration that the book prints: what strangers send and read passes as
//! it comes, their addresses are known, and the workbench works.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};

use crate::support::{TestApp, TestSender, Workspace, await_json, intake};

const KEY: &str = "intake-key-0123456789";
const PAGE: &str = include_str!("../../docs/tasks/nginx.md");
const HOOKS: &str = "hooks.shop.example";
const WORKBENCH: &str = "hookloom.shop.example";
const START_S_MAX: u64 = 20;

/// nginx with a certificate of its own, ended with the test.
struct Nginx {
    child: Child,
    port: u16,
    client: Client,
}

impl Nginx {
    /// The page's configuration with the addresses and files that are here.
    fn start(workspace: &Workspace, app: &TestApp, port: u16) -> Self {
        let folder = workspace.folder().join("nginx");
        fs::create_dir_all(folder.join("logs")).expect("a folder");
        let names = [HOOKS, WORKBENCH].map(str::to_owned);
        let certified = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let certificate = certified.cert.pem();
        fs::write(folder.join("fullchain.pem"), &certificate).expect("a file");
        fs::write(
            folder.join("privkey.pem"),
            certified.signing_key.serialize_pem(),
        )
        .expect("a file");
        let here = |url: &str| url.trim_start_matches("http://").to_owned();
        let pem = |name: &str| folder.join(name).display().to_string();
        let mut servers = printed();
        for (book, real) in [
            ("listen 443 ssl", format!("listen 127.0.0.1:{port} ssl")),
            ("/etc/ssl/shop/fullchain.pem", pem("fullchain.pem")),
            ("/etc/ssl/shop/privkey.pem", pem("privkey.pem")),
            ("127.0.0.1:4747", here(app.receiver())),
            ("127.0.0.1:4748", here(app.control())),
        ] {
            assert!(servers.contains(book), "the page has no `{book}`");
            servers = servers.replace(book, &real);
        }
        let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|of| format!("{of}_temp_path {of};\n"))
            .concat();
        let main = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{servers}}}\n"
        );
        fs::write(folder.join("nginx.conf"), main).expect("a file");
        let child = Command::new("nginx")
            .args([
                "-p".as_ref(),
                folder.as_os_str(),
                "-c".as_ref(),
                Path::new("nginx.conf").as_os_str(),
            ])
            .args(["-e", "logs/error.log"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed: .ci/setup test");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let certificate = Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
        let client = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            // Not the address that is trusted.
            .local_address(IpAddr::from([127, 0, 0, 2]))
            .tls_certs_only([certificate])
            .resolve(HOOKS, address)
            .resolve(WORKBENCH, address)
            .build()
            .expect("a client");
        let mut this = Self {
            child,
            port,
            client,
        };
        this.until_it_listens(address, &folder);
        this
    }

    fn until_it_listens(&mut self, address: SocketAddr, folder: &Path) {
        let deadline = Instant::now() + Duration::from_secs(START_S_MAX);
        while std::net::TcpStream::connect(address).is_err() {
            let ended = self.child.try_wait().expect("it is our child");
            let log = || fs::read_to_string(folder.join("logs/error.log")).unwrap_or_default();
            assert!(ended.is_none(), "nginx ended: {}", log());
            assert!(
                Instant::now() < deadline,
                "nginx does not listen: {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn url(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every block of configuration on the page.
fn printed() -> String {
    let blocks = PAGE.split("```nginx\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect()
}

/// A port that was free a moment ago: nginx takes no port 0.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn streamed() -> Value {
    let mut document = intake("streamed");
    document["endpoints"][0]["mode"] = json!("stream");
    document["steps"] = json!([
        {"name": "first", "kind": "set", "values": {"n": 1}},
        {"name": "pause", "kind": "delay", "for_ms": 700, "after": [{"step": "first"}]},
    ]);
    document["outputs"] = json!([]);
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_with_tls_as_the_book_prints_it_everything_passes_as_it_comes() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let mut large = intake("intake");
    large["endpoints"][0]["limits"] = json!({"body_bytes_max": 60_000_000});
    workspace.publish(&large);
    workspace.publish(&streamed());
    let port = free_port();
    let host = format!("{WORKBENCH}:{port}");
    let options = ["--trusted-proxy", "127.0.0.1", "--control-host", &host];
    let app = TestApp::start(&workspace, &options);
    let nginx = Nginx::start(&workspace, &app, port);

    let hook = nginx.url(HOOKS, &format!("/api/webhook/local/intake?key={KEY}"));
    sources_are_known(&nginx, &app, &workspace, &hook).await;
    // Larger than what nginx takes unless it is told to.
    let fill = "x".repeat(50_000_000);
    let upload = nginx
        .client
        .post(&hook)
        .header("content-type", "text/plain")
        .body(fill);
    let upload = upload.send().await.expect("an answer");
    assert_eq!(upload.status(), 200, "{:?}", upload.text().await);

    streams_come_piece_by_piece(&nginx).await;
    // Nothing that manages anything is reached by the senders' name.
    let api = nginx
        .client
        .get(nginx.url(HOOKS, "/api/v1/status"))
        .bearer_auth(app.token());
    assert_eq!(api.send().await.expect("an answer").status(), 404);
    workbench(&nginx, &app, &workspace).await;
}

/// Who called nginx is on record, and not who a sender claims to be.
async fn sources_are_known(nginx: &Nginx, app: &TestApp, workspace: &Workspace, hook: &str) {
    let sent = nginx
        .client
        .post(hook)
        .header("x-forwarded-for", "203.0.113.7")
        .json(&json!({"n": 1}))
        .send();
    assert_eq!(sent.await.expect("an answer").status(), 200);
    let came_from = || {
        let newest = workspace.json(&["request", "list", "--limit", "1"])[0]["id"].clone();
        let shown = workspace.json(&["request", "show", newest.as_str().expect("an id")]);
        shown["remote_address"].clone()
    };
    assert_eq!(came_from(), "127.0.0.2");
    // Past nginx nobody is believed but who is trusted.
    let direct = format!("{}/api/webhook/local/intake?key={KEY}", app.receiver());
    let direct = nginx
        .client
        .post(direct)
        .header("x-forwarded-for", "203.0.113.9");
    let direct = direct
        .json(&json!({"n": 2}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(direct.status(), 200);
    assert_eq!(came_from(), "127.0.0.2");
    let trusted = TestSender::new();
    let named = [("x-forwarded-for", "203.0.113.9")];
    let trusted = trusted
        .hook_with(app, "intake", KEY, &json!({"n": 3}), &named)
        .await;
    assert_eq!(trusted.status, 200);
    assert_eq!(came_from(), "203.0.113.9");
}

/// The first event comes while the job still waits.
async fn streams_come_piece_by_piece(nginx: &Nginx) {
    let url = nginx.url(HOOKS, &format!("/api/webhook/local/streamed?key={KEY}"));
    let mut stream = nginx
        .client
        .post(url)
        .json(&json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(stream.status(), 200);
    // What keeps the connection open may come as a piece of its own.
    let mut began = String::new();
    while !began.contains("first") {
        let piece = stream.chunk().await.expect("a piece");
        began.push_str(&String::from_utf8_lossy(&piece.expect("it goes on")));
    }
    assert!(!began.contains("event: done"), "{began}");
    let mut rest = String::new();
    while let Some(piece) = stream.chunk().await.expect("a piece") {
        rest.push_str(&String::from_utf8_lossy(&piece));
    }
    assert!(rest.contains("event: done"), "{rest}");
}

/// The page, the API as the page calls it, and live updates; nobody else's page.
async fn workbench(nginx: &Nginx, app: &TestApp, workspace: &Workspace) {
    let page = nginx
        .client
        .get(nginx.url(WORKBENCH, "/"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(page.status(), 200);
    assert!(
        page.text()
            .await
            .expect("a page")
            .contains("<title>Hookloom")
    );
    let status = nginx.url(WORKBENCH, "/api/v1/status");
    let call = |origin: String| {
        let call = nginx
            .client
            .request(Method::GET, &status)
            .bearer_auth(app.token());
        let call = call.header("origin", origin).send();
        async move { call.await.expect("an answer").status().as_u16() }
    };
    assert_eq!(call(nginx.url(WORKBENCH, "")).await, 200);
    assert_eq!(call("https://evil.example".to_owned()).await, 403);
    let stranger = nginx.client.get(&status).send().await.expect("an answer");
    assert_eq!(stranger.status(), 401);
    let events = nginx.client.get(nginx.url(WORKBENCH, "/api/v1/events"));
    let mut events = events
        .bearer_auth(app.token())
        .send()
        .await
        .expect("an answer");
    assert_eq!(events.status(), 200);
    let job = workspace.json(&["run", "intake"]);
    let job = job["job_id"]
        .as_i64()
        .or(job["id"].as_i64())
        .expect("a job");
    let mut heard = String::new();
    while !heard.contains(&format!("job:{job}")) {
        let piece = tokio::time::timeout(Duration::from_secs(20), events.chunk());
        let piece = piece.await.expect("updates come at once").expect("a piece");
        heard.push_str(&String::from_utf8_lossy(&piece.expect("it goes on")));
    }
    await_json(workspace, &["job", "show", &job.to_string()], |it| {
        it["status"] == "complete"
    });
}
